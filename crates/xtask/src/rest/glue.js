
// The rest: what the first load does not call (crates/xtask/src/rest).
const restUrl = new URL("REST", import.meta.url);
const stylesUrl = new URL("STYLES", import.meta.url);

let compiling;
let styling;
/** Its bytes, from when they are there until it is in use. */
let restBytes;

/** Fetches and compiles it, once. What failed may be asked for again. */
export function compileRest() {
    return compiling ??= fetchRest().catch((error) => {
        compiling = restBytes = undefined;
        throw error;
    });
}

async function fetchRest() {
    const [response] = await Promise.all([fetch(restUrl), loadStyles()]);
    if (!response.ok) throw new Error(`${restUrl} answered ${response.status} ${response.statusText}`);
    restBytes = wasmOf(await response.arrayBuffer());
    return WebAssembly.compile(restBytes);
}

/** The styles of what it shows: of a worker, nothing. */
function loadStyles() {
    if (globalThis.document === undefined) return undefined;
    return styling ??= new Promise((resolve, reject) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = stylesUrl;
        link.onload = resolve;
        link.onerror = () => {
            styling = undefined;
            link.remove();
            reject(new Error(`${stylesUrl} could not be fetched`));
        };
        document.head.append(link);
    });
}

/** Puts it behind the doors of the module that was loaded first, with the constants that only it and the parts need. */
export function useRest(module) {
    if (wasm.rest_is_there.value) return;
    new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
    wasm.rest_is_there.value = 1;
    restBytes = undefined;
}

/** Makes sure that it is there, for a part. */
export async function needRest() {
    if (!wasm.rest_is_there.value) useRest(await compileRest());
}

/** What a door does when it is called too early: the caller cannot go on without it, so everything waits. */
function loadRest() {
    loadStyles()?.catch(() => {}); // which the page asks for again, with the rest
    try {
        useRest(new WebAssembly.Module(restBytes ?? wasmOf(fetchAndWait())));
    } catch (error) {
        stop(`A part of Pyrograph could not be loaded: ${error.message}. Check the connection, then reload.`);
        throw error;
    }
}

function fetchAndWait() {
    const request = new XMLHttpRequest();
    request.open("GET", restUrl, false);
    // On a page, a request that is waited for gives text only: one character for each byte.
    const isPage = globalThis.document !== undefined;
    if (isPage) request.overrideMimeType("text/plain; charset=x-user-defined");
    else request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${restUrl} answered ${request.status} ${request.statusText}`);
    return isPage ? bytesOf(request.responseText) : request.response;
}

function bytesOf(text) {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes.buffer;
}
