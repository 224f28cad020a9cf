
// The numbers of the stretches of code that were run so far, and when for the first time (crates/xtask/src/rest).
const run = new Map();
const channel = new BroadcastChannel("pyrograph:run");
channel.onmessage = ({ data: [number, at] }) => note(number, at);
globalThis.pyrographRun = run;
const noted = new Set();

/** The page and the worker count from different times. */
const now = () => performance.timeOrigin + performance.now();

function note(number, at) {
    run.set(number, Math.min(at, run.get(number) ?? at));
}

function noteRun(number) {
    if (noted.has(number)) return;
    noted.add(number);
    const at = now();
    if (globalThis.document === undefined) channel.postMessage([number, at]);
    else note(number, at);
}
