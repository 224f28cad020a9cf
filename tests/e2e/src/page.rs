//! One browser session: going to addresses, waiting, reading, and reporting.

use crate::panel::{Panel, SNAPSHOT, State};
use crate::setup::Setup;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::WebDriver;
use tokio::runtime::Handle;

/// How long a page may take for anything.
const PATIENCE: Duration = Duration::from_secs(40);

/// A browser session on the app. Whatever goes wrong ends the test with a message and a picture.
pub struct Page {
    driver: Option<WebDriver>,
    runtime: Handle,
    base: String,
    console: Console,
}

/// Where what the browser says on its console can be read.
pub(crate) enum Console {
    /// From its driver.
    Driver,
    /// In a file, where the driver has no command for it.
    File(PathBuf),
}

/// A User Timing measure.
#[derive(Clone, Debug, Deserialize)]
pub struct Measure {
    /// Its name, such as `pyrograph:query`.
    pub name: String,
    /// How long it took.
    pub duration: f64,
    /// What it was about: panel, bytes, series, samples.
    pub detail: Option<Value>,
}

impl Page {
    pub(crate) fn new(driver: WebDriver, runtime: Handle, base: &str, console: Console) -> Self {
        Self { driver: Some(driver), runtime, base: base.trim_end_matches('/').to_owned(), console }
    }

    /// Opens a route (what stands after `#/`) in a new document and waits until the app says that it is ready.
    pub fn open(&self, route: &str) -> &Self {
        self.load(route);
        self.wait("the app is ready", || (self.app() == "ready").then_some(()));
        self
    }

    /// Opens a route in a new document without waiting for more than the document.
    pub fn load(&self, route: &str) {
        // Another address before the `#` makes it a new document each time.
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        self.goto(&format!("{}/?{now}#/{route}", self.base));
    }

    /// Goes to any address.
    pub fn goto(&self, url: &str) {
        self.done(self.block_on(self.driver().goto(url)), &format!("going to {url}"));
    }

    /// Changes the route within the document, as a link does.
    pub fn follow(&self, route: &str) -> &Self {
        self.eval::<Value>(&format!("location.hash = {}", Value::from(format!("#/{route}"))));
        self
    }

    /// One step back in the browser's history.
    pub fn back(&self) {
        self.done(self.block_on(self.driver().back()), "going back");
    }

    /// What stands after `#/` now.
    pub fn route(&self) -> String {
        self.eval("return location.hash.replace(/^#[/]?/, '')")
    }

    /// `data-app`.
    pub fn app(&self) -> String {
        self.eval("return document.documentElement.dataset.app ?? ''")
    }

    /// All text on the page.
    pub fn text(&self) -> String {
        self.eval("return document.body.innerText")
    }

    /// How many elements match a CSS selector.
    pub fn count(&self, selector: &str) -> u64 {
        self.eval(&format!("return document.querySelectorAll({}).length", Value::from(selector)))
    }

    /// Clicks the first element whose text or label is this.
    pub fn click(&self, name: &str) {
        let script = format!(
            r#"const name = {};
            const named = (e) => [e.innerText?.trim(), e.getAttribute("aria-label"), e.title].includes(name);
            const found = [...document.querySelectorAll("button, a, summary, [role=button], [role=option], [role=menuitem], label")].find(named);
            found?.click();
            return found !== undefined;"#,
            Value::from(name)
        );
        self.wait(&format!("there is something called {name:?} to click"), || self.eval::<bool>(&script).then_some(()));
    }

    /// Puts the keyboard's focus on the first element that matches a CSS selector.
    pub fn focus(&self, selector: &str) -> &Self {
        let script =
            format!("const found = document.querySelector({}); found?.focus(); return !!found", Value::from(selector));
        self.wait(&format!("there is {selector} to focus"), || self.eval::<bool>(&script).then_some(()));
        self
    }

    /// Types a text into what has the focus.
    pub fn type_text(&self, text: &str) -> &Self {
        self.cdp("Input.insertText", serde_json::json!({ "text": text }));
        self
    }

    /// Presses a key as browsers name it, with modifiers before it: `Control+Enter`.
    pub fn press(&self, keys: &str) -> &Self {
        let mut parts: Vec<&str> = keys.split('+').collect();
        let key = parts.pop().unwrap_or_default();
        let modifiers: u32 = parts
            .iter()
            .map(|held| ["Alt", "Control", "Meta", "Shift"].iter().position(|known| known == held))
            .map(|bit| bit.map_or(0, |bit| 1 << bit))
            .sum();
        let code = match key {
            "Backspace" => 8,
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            _ => 0,
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let event = serde_json::json!({ "type": kind, "key": key, "code": key, "modifiers": modifiers, "windowsVirtualKeyCode": code });
            self.cdp("Input.dispatchKeyEvent", event);
        }
        self
    }

    /// Every panel on the page.
    pub fn panels(&self) -> Vec<Panel> {
        self.eval(SNAPSHOT)
    }

    /// The panel with this id.
    pub fn panel(&self, id: &str) -> Panel {
        self.wait(&format!("there is a panel {id}"), || self.panels().into_iter().find(|panel| panel.id == id))
    }

    /// Waits until a panel is as wanted, and gives it.
    pub fn panel_when(&self, id: &str, what: &str, wanted: impl Fn(&Panel) -> bool) -> Panel {
        self.wait(&format!("panel {id} is {what}"), || self.panels().into_iter().find(|p| p.id == id && wanted(p)))
    }

    /// Waits until a panel is in this state, and gives it.
    pub fn panel_in(&self, id: &str, state: State) -> Panel {
        self.panel_when(id, &format!("{state:?}"), |panel| panel.state == state)
    }

    /// Waits until there are panels and none in view has anything to come, and gives them all.
    pub fn settled(&self) -> Vec<Panel> {
        self.wait("every panel in view is settled", || {
            let panels = self.panels();
            let settled = panels.iter().filter(|panel| panel.in_view).all(|panel| panel.state.is_settled());
            (!panels.is_empty() && settled).then_some(panels)
        })
    }

    /// The app's User Timing measures so far.
    pub fn measures(&self) -> Vec<Measure> {
        self.eval(
            r#"return performance.getEntriesByType("measure").filter((m) => m.name.startsWith("pyrograph:"))
                .map(({ name, duration, detail }) => ({ name, duration, detail }))"#,
        )
    }

    /// What went wrong without showing: violations of the Content-Security-Policy, uncaught errors, and errors on the
    /// console. Requests that failed are among the latter.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints: Vec<String> = self.eval("return globalThis.__seen ?? []");
        match &self.console {
            Console::Driver => {
                let log = self.done(self.block_on(self.driver().browser_log()), "reading the console").into_iter();
                let bad = log.filter(|entry| entry.level == "SEVERE" || entry.message.contains("Content Security"));
                complaints.extend(bad.map(|entry| entry.message));
            }
            Console::File(file) => {
                let log = self.done(std::fs::read_to_string(file), "reading the console");
                // The rest of what is logged there is about the browser itself.
                let is_bad = |line: &&str| line.starts_with("JavaScript error: http");
                complaints.extend(log.lines().filter(is_bad).map(str::to_owned));
            }
        }
        complaints
    }

    /// From now on everything is about the document in the first frame of this one.
    pub fn enter_frame(&self) {
        self.done(self.block_on(self.driver().enter_frame(0)), "entering the frame");
    }

    /// Ends the test where the page has complained.
    pub fn assert_no_complaints(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "on {} the browser complains:\n{}", self.route(), complaints.join("\n"));
    }

    /// Cuts the browser off from every server, or connects it again.
    pub fn set_offline(&self, offline: bool) {
        let conditions =
            serde_json::json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.enable", Value::Object(Default::default()));
        self.cdp("Network.emulateNetworkConditions", conditions);
    }

    /// Runs a script in every document from now on, before the document's own.
    pub fn before_scripts(&self, script: &str) {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": script }));
    }

    /// Moves the clock of a page that was opened with one ([`Clock`](crate::Clock)).
    pub(crate) fn jump(&self, by: Duration) {
        self.eval::<bool>(&format!("return jumpClock({})", by.as_millis()));
    }

    /// Has the page take its tab for hidden, or for shown.
    pub fn set_hidden(&self, hidden: bool) {
        self.eval::<()>(&format!(
            "Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }});
             document.dispatchEvent(new Event('visibilitychange'))"
        ));
    }

    /// A Chrome DevTools Protocol command.
    pub fn cdp(&self, method: &str, params: Value) -> Value {
        let cdp = self.driver().cdp();
        self.done(self.block_on(cdp.send_raw(method, params)), method)
    }

    /// Runs a function body in the page and reads what it returns.
    pub fn eval<T: DeserializeOwned>(&self, script: &str) -> T {
        let value = self.block_on(self.driver().execute(script, Vec::new()));
        let value = self.done(value, script).json().clone();
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{script}\ngave {value}: {error}"))
    }

    /// Waits for something to be there, but no longer than `patience`.
    pub fn look<T>(&self, patience: Duration, look: impl Fn() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Some(found) = look() {
                return Some(found);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }

    /// Waits for something to be there. A test that waits in vain says for what, and shows the page.
    pub fn wait<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        if let Some(found) = self.look(PATIENCE, look) {
            return found;
        }
        let picture = self.picture_of_failure();
        let panels: Vec<_> =
            self.panels().into_iter().map(|p| format!("{} {:?} {:?} {:?}", p.id, p.title, p.state, p.text)).collect();
        panic!(
            "waited {PATIENCE:?} in vain until {what}\nroute {}\ncomplaints {:#?}\npanels {panels:#?}\npicture {}",
            self.route(),
            self.complaints(),
            picture.display(),
        );
    }

    /// Saves what the window shows as a PNG file.
    pub fn screenshot(&self, file: &Path) {
        if let Some(dir) = file.parent() {
            self.done(std::fs::create_dir_all(dir), "making a folder for pictures");
        }
        self.done(self.block_on(self.driver().screenshot(file)), "taking a picture");
    }

    fn picture_of_failure(&self) -> PathBuf {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis();
        let file = Setup::reports().join(format!("failure-{now}.png"));
        self.screenshot(&file);
        file
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().unwrap_or_else(|| unreachable!("it is taken on drop only"))
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    fn done<T, E: std::fmt::Display>(&self, result: Result<T, E>, what: &str) -> T {
        result.unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

/// What the app writes to the console where an answer put together from pieces is wrong.
const MISMATCH: &str = "put together from pieces";

impl Drop for Page {
    /// Ends the test where a merged answer was wrong, whatever the test is about.
    fn drop(&mut self) {
        let Some(driver) = self.driver.take() else { return };
        let log = match self.console {
            Console::Driver => self.runtime.block_on(driver.browser_log()).unwrap_or_default(),
            Console::File(_) => Vec::new(),
        };
        // The driver's end takes the browser with it where this fails.
        _ = self.runtime.block_on(driver.quit());
        let wrong: Vec<String> =
            log.into_iter().map(|entry| entry.message).filter(|text| text.contains(MISMATCH)).collect();
        assert!(wrong.is_empty() || std::thread::panicking(), "{}", wrong.join("\n"));
    }
}
