
// The numbers of the stretches of code that were run so far (crates/xtask/src/rest).
const run = new Set();
const channel = new BroadcastChannel("pyrograph:run");
channel.onmessage = ({ data }) => run.add(data);
globalThis.pyrographRun = run;

function noteRun(number) {
    if (run.has(number)) return;
    run.add(number);
    if (globalThis.document === undefined) channel.postMessage(number);
}
