import * as glue from "../../pyrograph.js";

const LENGTH_BYTES = 4;

/** Each pack is fetched once; one that failed may be asked for again. */
const loading = [];
function load(pack) {
    return loading[pack] ??= fetchPack(pack).catch((error) => {
        delete loading[pack];
        throw error;
    });
}

/** Modules follow each other in a pack, in streams, each after its length. Servers need not know what they are. */
async function fetchPack(pack) {
    const rest = glue.needRest?.();
    rest?.catch(() => {}); // which is said where it is waited for
    const response = await fetch(new URL(`pack_${pack}.bin`, import.meta.url));
    if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${response.statusText}`);
    const bytes = await response.arrayBuffer();
    const lengths = new DataView(bytes);
    const modules = [];
    let end = 0;
    while (end + LENGTH_BYTES <= bytes.byteLength) {
        const start = end + LENGTH_BYTES;
        modules.push(glue.wasmOf(bytes.slice(start, end = start + lengths.getUint32(end, true))));
    }
    if (!modules.length || bytes.byteLength !== end) throw new Error(`${response.url} is not what was built`);
    // All of them are sound before one has an effect, and what they need of the rest is there.
    const compiling = modules.map((module) => WebAssembly.compile(module));
    const [compiled] = await Promise.all([Promise.all(compiling), rest]);
    await Promise.all(compiled.map((module) => WebAssembly.instantiate(module, getSharedImports())));
}

const part = (...packs) => wrapAsyncCb(() => Promise.all(packs.map(load)));
