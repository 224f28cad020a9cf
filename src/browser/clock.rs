//! Wall clock and timers, the same on the page and in the worker.

use frame::Millis;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, millis: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The browser's idea of now.
pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

/// The instant that a `Date` header names. (The browser has a parser of its own; [`promapi::parse_http_date`] is not needed
/// before the first answer.)
pub fn parse_date(header: &str) -> Option<Millis> {
    let millis = js_sys::Date::parse(header);
    millis.is_finite().then_some(Millis(millis as i64))
}

/// Milliseconds on a clock that never jumps, for durations only.
pub fn ticks() -> f64 {
    performance_now()
}

/// A timer that fires once; dropping it cancels it.
pub struct Timeout {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `callback` in `millis` from now, or at once when that is past.
    pub fn new(millis: i64, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        // Browsers take 32 bits and fire at once beyond them: wait as long as they can instead.
        let millis = i32::try_from(millis.max(0)).unwrap_or(i32::MAX);
        let id = set_timeout(callback.as_ref().unchecked_ref(), millis);
        Self { id, _callback: callback }
    }
}

/// Waits for `millis`; dropping the future cancels that.
pub async fn sleep(millis: i64) {
    let (sender, receiver) = futures_channel::oneshot::channel();
    // Whoever waits is told, or is gone.
    let _timer = Timeout::new(millis, move || {
        let _ = sender.send(());
    });
    let _ = receiver.await;
}

/// The first pause between tries of what has failed. Each is twice as long as the one before, up to the longest.
const FIRST_PAUSE_MILLIS: i64 = 2_000;
const LONGEST_PAUSE_MILLIS: i64 = 60_000;

/// The pauses between tries of something that goes on failing.
#[derive(Default)]
pub struct Pauses {
    failures: u32,
}

impl Pauses {
    /// How often it has failed so far.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Waits after one more failure: a quarter less or more, so that many pages do not try in step.
    pub async fn wait(&mut self) {
        let doubled = FIRST_PAUSE_MILLIS << self.failures.min(10);
        let share = 0.75 + js_sys::Math::random() / 2.0;
        self.failures = self.failures.saturating_add(1);
        sleep((doubled.min(LONGEST_PAUSE_MILLIS) as f64 * share) as i64).await;
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(self.id);
    }
}
