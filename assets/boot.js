// Starts Pyrograph, and is what still works when Pyrograph does not: every failure ends in a plain sentence on the
// page. Plain JavaScript on purpose, with no dependency on the Wasm module it starts.

const names = document.querySelector('meta[name="pyrograph:app"]').dataset;
const page = new URL(".", document.baseURI);
const glueUrl = new URL(names.glue, page).href;
const wasmUrl = new URL(names.wasm, page).href;
let worker;

/** A module that holds one v128 instruction: valid only where Wasm SIMD is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Replaces the page by a message with a reload button. Text only: nothing here is ever parsed as HTML. */
function showFailure(title, detail) {
  document.documentElement.dataset.app = "failed";
  const element = (name, text, className) => {
    const node = document.createElement(name);
    node.textContent = text;
    node.className = className;
    return node;
  };
  const box = element("main", "", "failure");
  box.setAttribute("role", "alert");
  const reload = element("button", "Reload", "button primary");
  reload.onclick = () => location.reload();
  box.append(element("h1", title, ""), element("pre", detail, ""), reload);
  document.body.replaceChildren(box);
  reload.focus();
}

/** After a panic the module's state cannot be trusted: no timer, no frame and no worker may call into it again. */
function stopEverything() {
  worker?.terminate();
  const lastTimer = setTimeout(() => {}, 0);
  for (let id = 0; id <= lastTimer; id += 1) {
    clearTimeout(id);
    clearInterval(id);
  }
  const lastFrame = requestAnimationFrame(() => {});
  for (let id = 0; id <= lastFrame; id += 1) cancelAnimationFrame(id);
}

let stopped = false;
globalThis.pyrographPanic = (message) => {
  if (stopped) return;
  stopped = true;
  stopEverything();
  showFailure("Pyrograph stopped because of an internal error", message);
};

async function compile() {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`${wasmUrl} answered ${response.status} ${response.statusText}`);
  const streamable = response.headers.get("content-type")?.startsWith("application/wasm");
  return streamable
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Resolves once the worker has set its own message handler: what is posted before that is lost. */
function startWorker(module) {
  return new Promise((resolve, reject) => {
    worker = new Worker(new URL("worker.js", page), { type: "module", name: "pyrograph" });
    worker.onerror = (event) => reject(new Error(event.message || "worker.js could not be started"));
    worker.onmessage = ({ data }) => (data?.failed ? reject(new Error(data.failed)) : resolve(worker));
    worker.postMessage({ glue: glueUrl, module });
  });
}

async function boot() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD_PROBE)) {
    showFailure(
      "This browser is too old for Pyrograph",
      "It lacks WebAssembly with SIMD. Chrome 91, Firefox 114 and Safari 16.4 or newer have it.",
    );
    return;
  }
  try {
    const [module, glue] = await Promise.all([compile(), import(glueUrl)]);
    const [started] = await Promise.all([startWorker(module), glue.default({ module_or_path: module })]);
    document.getElementById("boot")?.remove();
    glue.mount(started);
  } catch (error) {
    if (!stopped) showFailure("Pyrograph could not start", String(error));
  }
}

boot();
