
// What ends the program: a trap, of a panic or of a stack that overflowed, or code that cannot be had
// (crates/xtask/src/bindgen.rs). Its state cannot be trusted then, so nothing calls into it any more, and the page is told.
// (wasm-bindgen's own handler needs Wasm's exceptions, which browsers have had since 2025 only.)

function stop(text) {
    const stopped = () => {
        throw new Error("Pyrograph has stopped");
    };
    wasm = new Proxy({}, { get: stopped });
    // A panic has told it already, and that counts.
    if (globalThis.pyrographPanic) pyrographPanic(text);
    else postMessage({ panicked: text });
}

function stopAfterTrap(error) {
    const isTrap = error instanceof WebAssembly.RuntimeError || /call stack|recursion/.test(error?.message);
    if (isTrap) stop(String(error));
}

addEventListener("error", ({ error }) => stopAfterTrap(error));
addEventListener("unhandledrejection", ({ reason }) => stopAfterTrap(reason));
