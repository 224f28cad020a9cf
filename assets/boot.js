// Starts Pyrograph, and is what still works when Pyrograph does not: every failure ends in a plain sentence on the
// page. Plain JavaScript on purpose, with no dependency on the Wasm module it starts.

const names = document.querySelector('meta[name="pyrograph:app"]').dataset;
const page = new URL(".", document.baseURI);
const glueUrl = new URL(names.glue, page).href;
const wasmUrl = new URL(names.wasm, page).href;
let worker;
let memory;

/** A module that holds one v128 instruction: valid only where Wasm SIMD is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** The same module, larger than what older browsers compile while the page waits. */
function largeProbe() {
  const [size, head] = [5_000, 3];
  const rest = size - SIMD_PROBE.length - head;
  const probe = new Uint8Array(size);
  probe.set(SIMD_PROBE);
  probe.set([0, (rest & 0x7f) | 0x80, rest >> 7], SIMD_PROBE.length); // a custom section without a name
  return probe;
}

/** Whether the browser has no objection to the size. */
function compilesAtOnce() {
  try {
    return Boolean(new WebAssembly.Module(largeProbe()));
  } catch (error) {
    return !(error instanceof RangeError);
  }
}

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
  const pause = reloadUnattended();
  if (pause !== undefined) {
    box.append(element("p", `It reloads by itself in ${Math.round(pause / 1000)} s.`, "hint"));
  }
  document.body.replaceChildren(box);
  reload.focus();
}

/** A page that fails again and again is not reloaded more often than so. */
const MOST_RELOADS = 3;
const RELOADS_MILLIS = 600_000;
const RELOAD_AFTER_MILLIS = 10_000;

/**
 * How long until a page that nobody sits at, a wall screen's (`kiosk` in the address), is to reload by itself. Undefined for
 * other pages, and where reloads cannot be counted: without storage they might never end.
 */
function unattendedPause() {
  if (!/[?&]kiosk(?!=(0|false))(=|&|$)/.test(location.hash)) return undefined;
  try {
    const kept = JSON.parse(sessionStorage.getItem("pyrograph:reloads") ?? "[]");
    const lately = kept.filter((at) => Date.now() - at < RELOADS_MILLIS).slice(-MOST_RELOADS);
    const until = lately.length < MOST_RELOADS ? 0 : lately[0] + RELOADS_MILLIS - Date.now();
    const pause = Math.max(RELOAD_AFTER_MILLIS, until);
    sessionStorage.setItem("pyrograph:reloads", JSON.stringify([...lately, Date.now() + pause]));
    return pause;
  } catch {
    return undefined;
  }
}

/** Has such a page reload by itself, and gives how long until then. */
function reloadUnattended() {
  const pause = unattendedPause();
  if (pause !== undefined) setTimeout(() => location.reload(), pause);
  return pause;
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

/** What is wrong with the deployed files, and what to do about it. */
class Deployment extends Error {}

const COPY_AGAIN = "Copy the whole folder to the server again, then reload.";

async function fetchProgram() {
  const response = await fetch(wasmUrl).catch((error) => {
    throw new Deployment(`${wasmUrl} could not be fetched: ${error.message}. Check the connection, then reload.`);
  });
  if (!response.ok) {
    throw new Deployment(`${wasmUrl} answered ${response.status} ${response.statusText}. ${COPY_AGAIN}`);
  }
  const bytes = await response.arrayBuffer().catch((error) => {
    throw new Deployment(`${wasmUrl} broke off: ${error.message}. Check the connection, then reload.`);
  });
  return { bytes, type: response.headers.get("content-type") ?? "no content type" };
}

/** The glue knows how a finished bundle writes its program; a build for development is plain Wasm. */
async function compile({ bytes, type }, glue) {
  try {
    return await WebAssembly.compile(glue.wasmOf?.(bytes) ?? bytes);
  } catch (error) {
    if (isForbidden()) {
      throw new Deployment(
        `The server's Content-Security-Policy keeps the page from running its program. Its script-src has to name ` +
          `'wasm-unsafe-eval', as in docs/deploy.md.\n\n${error.message}`,
      );
    }
    throw new Deployment(`${wasmUrl} is not the page's program (it came as ${type}). ${COPY_AGAIN}\n\n${error.message}`);
  }
}

/** Whether no Wasm at all may be compiled here. */
function isForbidden() {
  try {
    return !new WebAssembly.Module(SIMD_PROBE);
  } catch {
    return true;
  }
}

function importGlue() {
  return import(glueUrl).catch((error) => {
    throw new Deployment(`${glueUrl} could not be loaded. ${COPY_AGAIN}\n\n${error.message}`);
  });
}

/**
 * Starts the worker, which loads the glue while its module is still on the way. `ready` resolves once it has been given the
 * module and has set its own message handler: what is posted before that is lost.
 */
function startWorker() {
  worker = new Worker(new URL(`worker.js#${glueUrl}`, page), { type: "module", name: "pyrograph" });
  const ready = new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      const cause = event.message ? `\n\n${event.message}` : "";
      reject(new Deployment(`worker.js could not be started. ${COPY_AGAIN}${cause}`));
    };
    worker.onmessage = ({ data }) => (data?.failed ? reject(new Error(data.failed)) : resolve(worker));
  });
  const rest = restForWorker();
  return { ready, run: (module) => worker.postMessage({ glue: glueUrl, module, rest }, [rest]) };
}

/** What the first load left out, once it is there, and where the worker waits for it. */
let rest;
let workersEnd;

/** The worker's end of a line of its own, on which it gets the rest. */
function restForWorker() {
  const { port1, port2 } = new MessageChannel();
  workersEnd = port1;
  if (rest) workersEnd.postMessage(rest);
  return port2;
}

/** A dashboard without an answer by then needs the rest as well. */
const REST_AT_LATEST_MILLIS = 2_000;
const REST_AGAIN_MILLIS = 5_000;

const isDashboard = () => location.hash.startsWith("#/d/");

/**
 * Gets the rest to where it is used; a build for development is in one piece. Whatever needs it before gets it itself, and
 * says so where that fails.
 */
async function loadRest(glue) {
  try {
    rest = await glue.compileRest?.();
  } catch {
    setTimeout(loadRest, REST_AGAIN_MILLIS, glue);
    return;
  }
  if (!rest) return watchOver();
  try {
    glue.useRest(rest);
    workersEnd.postMessage(rest);
    noteRest();
    watchOver();
  } catch (error) {
    pyrographPanic(String(error)); // it does not fit, and would not the next time
  }
}

/** Once the page has what it shows. Where this cannot be had, the page is the same without. */
function watchOver() {
  const running = { page, wasm: names.wasm, memory, isStopped: () => stopped, reloadUnattended };
  import(new URL("watch.js", page)).then(({ watch }) => watch(running)).catch(console.warn);
}

/** A browser keeps the files of a version: where it once had the rest, that costs no request any more. */
const REST_NOTE = "pyrograph:rest";

function hasRest() {
  try {
    return localStorage.getItem(REST_NOTE) === glueUrl;
  } catch {
    return false;
  }
}

function noteRest() {
  try {
    localStorage.setItem(REST_NOTE, glueUrl);
  } catch {
    // Without storage, each time is the first.
  }
}

/** Only what may be the first load of all, of a dashboard, begins without the rest. */
const restIsLater = isDashboard() && !hasRest();

/**
 * A dashboard gets the rest on the way where it is at hand, else with the first answer: the first panel is painted without
 * it, and the others need not wait. Any other page needs it at once.
 */
async function restInTime(glue) {
  if (!restIsLater) {
    const loading = loadRest(glue);
    return isDashboard() ? undefined : loading;
  }
  const load = () => {
    observer.disconnect();
    clearTimeout(latest);
    loadRest(glue);
  };
  const observer = new PerformanceObserver((list) => list.getEntriesByName("pyrograph:query").length && load());
  observer.observe({ entryTypes: ["measure"] });
  const latest = setTimeout(load, REST_AT_LATEST_MILLIS);
}

/** Starts the program on the page and, at the same time, in the worker. */
async function start(run) {
  const importing = importGlue();
  // What fails here is tried again, and said, later.
  if (!restIsLater) importing.then((glue) => glue.compileRest?.()).catch(() => {});
  const [program, glue] = await Promise.all([fetchProgram(), importing]);
  const module = await compile(program, glue);
  run(module);
  ({ memory } = await glue.default({ module_or_path: module }));
  return { module, glue };
}

async function boot() {
  const lacks =
    typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD_PROBE)
      ? "WebAssembly with SIMD"
      : (!compilesAtOnce() && "WebAssembly modules of any size") || (typeof Worker !== "function" && "workers");
  if (lacks) {
    showFailure(
      "This browser is too old for Pyrograph",
      `It lacks ${lacks}. Chrome 115, Firefox 114 and Safari 16.4 or newer have it.`,
    );
    return;
  }
  try {
    const { ready, run } = startWorker();
    const [started, { module, glue }] = await Promise.all([ready, start(run)]);
    globalThis.pyrographWorker = () => {
      const next = startWorker();
      next.run(module);
      return next.ready;
    };
    await restInTime(glue);
    document.getElementById("boot")?.remove();
    glue.mount(started);
  } catch (error) {
    if (!stopped) showFailure("Pyrograph could not start", error instanceof Deployment ? error.message : String(error));
  }
}

boot();
