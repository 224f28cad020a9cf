//! What can be wrong before the app runs: a plain sentence each, never a blank page.

use faultd::{Fault, Rule, When};
use std::fs;
use std::path::Path;
use tests_e2e::{Dashboard, Page, State, World};

pub fn files_that_are_missing_or_wrong_are_told(world: &World) {
    let page = world.page();
    let check = |file: &str, fault: Fault, told: &[&str]| {
        // A site of its own each, so that nothing comes out of the browser's cache.
        let site = world.faulty();
        site.set(&[Rule::new(When::path(file), fault.clone())]);
        page.goto(&site.url());
        page.wait(&format!("{file} with {fault:?} is told"), || (page.app() == "failed").then_some(()));
        let text = page.text().to_lowercase();
        for told in [&["could not start"], told].concat() {
            assert!(text.contains(told), "{file} with {fault:?}: the page does not say {told:?}: {text}");
        }
        assert!(page.count("button") > 0, "{file} with {fault:?}: there is nothing to reload with");
    };
    let missing = || Fault::status(404, "text/plain", "not found");
    let start_page = || Fault::status(200, "text/html", "<!doctype html><title>Portal</title>");
    let again = "copy the whole folder to the server again";
    check("_bg.bin", missing(), &["_bg.bin", "404", again]);
    check("_bg.bin", start_page(), &["_bg.bin", "text/html", again]);
    check(
        "_bg.bin",
        Fault::status(200, "application/octet-stream", "no program"),
        &["is not the page's program", again],
    );
    check("_bg.bin", Fault::status(500, "text/plain", "out of order"), &["500"]);
    check("_bg.bin", Fault::Cut { bytes: 5_000, clean: true }, &["is not the page's program", again]);
    check("_bg.bin", Fault::Reset, &["could not be fetched", "check the connection"]);
    check("/pyrograph-", missing(), &[again]);
    check("worker.js", missing(), &["worker.js", again]);
    check("worker.js", start_page(), &["worker.js", again]);
}

/// Many policies that are put before whole sites forbid Wasm.
pub fn a_policy_that_forbids_the_program_is_told(world: &World) {
    let nginx = world.nginx().set("script-src 'self' 'wasm-unsafe-eval'", "script-src 'self'").start();
    let page = world.page_at(&nginx.url(), tests_e2e::Options::default());
    page.goto(&nginx.url());
    page.wait("it is told", || (page.app() == "failed").then_some(()));
    let text = page.text();
    assert!(text.contains("Its script-src has to name 'wasm-unsafe-eval'"), "{text}");
}

/// Files change under a tab that stays open for weeks: it says so, and a reload brings the new ones.
pub fn a_new_version_on_the_server_is_told(world: &World) {
    let folder = std::env::temp_dir().join(format!("pyrograph-deployed-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let copied = std::process::Command::new("cp").arg("-r").arg(world.dist().join(".")).arg(&folder).status();
    assert!(copied.is_ok_and(|status| status.success()), "the bundle cannot be copied");
    let server = world.serve(tests_e2e::local::folder(&folder));
    let page = world.page_at(&format!("http://127.0.0.1:{}", server.port), tests_e2e::Options::default());
    page.open("");
    let look_again = "document.dispatchEvent(new Event('visibilitychange'))";
    page.eval::<()>(look_again);
    let told = || (page.count(".new-version") > 0).then_some(());
    assert!(page.look(std::time::Duration::from_secs(2), told).is_none(), "the same files are called new");

    let index = folder.join("index.html");
    let text = fs::read_to_string(&index).expect("the bundle has a page");
    fs::write(&index, text.replace("data-wasm=\"./pyrograph-", "data-wasm=\"./newer-")).expect("it can be written");
    page.eval::<()>(look_again);
    page.wait("the new version is told", told);
    // What can be left behind is a folder of temporary files.
    _ = fs::remove_dir_all(&folder);
}

/// Parts are loaded when they are first needed, which may be weeks after the files have changed.
pub fn a_part_that_is_gone_is_said(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    let page = site.page();
    page.open("d/small");
    page.panel_in("1", State::Ready);
    site.set(&[Rule::new(When::path("/snippets/"), Fault::status(404, "text/plain", "not found"))]);
    page.follow("targets");
    page.wait("the part that is gone is said", || {
        let text = page.text();
        (text.contains("A part of Pyrograph could not be loaded") && text.contains("reload the page")).then_some(())
    });
    assert_eq!(page.app(), "ready");
}

/// Also those of parts that no test opens are what a browser can compile, once the glue has put them together.
pub fn each_file_of_the_program_is_wasm(world: &World) {
    let page = world.page();
    page.open("");
    let programs = [world.built(|name| name.ends_with("_bg.bin"))].into_iter().chain(parts(world.dist()));
    let files = serde_json::to_string(&programs.collect::<Vec<_>>()).expect("names can be written");
    let refused: Vec<String> = page.eval(&format!(
        r#"return (async () => {{
        const glue = await import(new URL(document.querySelector("[data-glue]").dataset.glue, document.baseURI));
        const modules = (file, bytes) => {{
            if (!file.includes("/pack_")) return [bytes];
            const found = [];
            for (let at = 0, length; at < bytes.byteLength; at += 4 + length) {{
                length = new DataView(bytes).getUint32(at, true);
                found.push(bytes.slice(at + 4, at + 4 + length));
            }}
            return found;
        }};
        const refused = [];
        for (const file of {files}) {{
            const found = modules(file, await (await fetch(file)).arrayBuffer());
            if (!found.length || !found.every((bytes) => WebAssembly.validate(glue.wasmOf(bytes)))) refused.push(file);
        }}
        return refused;
        }})()"#,
    ));
    assert_eq!(refused, [""; 0]);
}

/// A function without an end would be put together for ever.
pub fn a_broken_program_is_not_put_together_for_ever(world: &World) {
    let page = world.page();
    page.open("");
    let file = world.built(|name| name.ends_with("_bg.bin"));
    let told: String = page.eval(&format!(
        r#"return (async () => {{
        const glue = await import(new URL(document.querySelector("[data-glue]").dataset.glue, document.baseURI));
        const program = await (await fetch({file:?})).arrayBuffer();
        const [HEAD, NOP] = [60, 1];
        const lengths = new DataView(program);
        new Uint8Array(program).fill(NOP, HEAD + lengths.getUint32(12, true) + lengths.getUint32(16, true));
        try {{
            glue.wasmOf(program);
            return "it is put together";
        }} catch (error) {{
            return error.message;
        }}
        }})()"#,
    ));
    assert_eq!(told, "it is not what was built");
}

/// The files of the parts and of the rest, relative to the bundle.
fn parts(dist: &Path) -> Vec<String> {
    let folder = fs::read_dir(dist.join("snippets")).into_iter().flatten().flatten().next().expect("there are parts");
    let files = fs::read_dir(folder.path()).into_iter().flatten().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let folder = folder.file_name().to_string_lossy().into_owned();
    names.filter(|name| name.ends_with(".bin")).map(|name| format!("snippets/{folder}/{name}")).collect()
}

/// The script that would say it is missing itself: what stands in the page does.
pub fn without_its_script_the_page_still_says_something(world: &World) {
    let page = world.page();
    for fault in [Fault::status(404, "text/plain", "not found"), Fault::status(200, "text/html", "<!doctype html>")] {
        let site = world.faulty();
        site.set(&[Rule::new(When::path("boot-"), fault)]);
        page.goto(&site.url());
        page.wait("the page says that it is still loading", || {
            let visible = "return getComputedStyle(document.querySelector('.boot-late')).visibility === 'visible'";
            page.eval::<bool>(visible).then_some(())
        });
    }
}

pub fn a_browser_that_is_too_old_is_told_so(world: &World) {
    let check = |lacks: &str, told: &[&str]| {
        let page = world.page();
        page.before_scripts(lacks);
        page.load("");
        page.wait(&format!("the page has failed without {lacks}"), || (page.app() == "failed").then_some(()));
        says(&page, told);
    };
    check("delete globalThis.WebAssembly", &["too old", "WebAssembly"]);
    check("WebAssembly.validate = () => false", &["too old", "SIMD"]);
    check(
        "WebAssembly.Module = class { constructor(bytes) { if (bytes.length > 4096) throw new RangeError('too large') } }",
        &["too old", "of any size"],
    );
    check("delete globalThis.Worker", &["too old", "workers"]);
}

fn says(page: &Page, told: &[&str]) {
    let text = page.text();
    for told in told {
        assert!(text.contains(told), "the page does not say {told:?}: {text}");
    }
}
