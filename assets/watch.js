// Watches over a page that runs. It is loaded once the page has all that it shows.

/** `wasm` names the module that the page at the address `page` runs, on `memory`. */
export function watch(running) {
  watchForNewVersion(running);
  watchMemory(running);
}

/** How often the server is asked whether other files lie there now. */
const VERSION_CHECK_MILLIS = 300_000;

/** Many wall screens are not to reload at the same moment. */
const SPREAD_MILLIS = 60_000;

const SEEN_VERSION = "pyrograph:version";

/**
 * Whether this version was not seen before. One that is there again after a reload comes from a server or a cache that does
 * not hand it out: to reload for it once more would be in vain.
 */
function isFirstSight(version) {
  try {
    const isFirst = sessionStorage.getItem(SEEN_VERSION) !== version;
    sessionStorage.setItem(SEEN_VERSION, version);
    return isFirst;
  } catch {
    return false;
  }
}

/** Says so when the files on the server are not those that run in this tab, whose later parts may be gone. */
function watchForNewVersion({ page, wasm, isStopped, reloadUnattended }) {
  let asking = false;
  const timer = setInterval(check, VERSION_CHECK_MILLIS);
  document.addEventListener("visibilitychange", check);

  async function check() {
    if (document.hidden || asking || isStopped()) return;
    asking = true;
    // A server that does not answer, or answers with something else, says nothing about the version.
    const answer = await fetch(page, { cache: "no-cache" }).catch(() => undefined);
    const text = answer?.ok ? await answer.text().catch(() => "") : "";
    asking = false;
    const deployed = text.match(/data-wasm="([^"]*)"/)?.[1];
    if (!deployed || deployed === wasm) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", check);
    if (isFirstSight(deployed)) setTimeout(reloadUnattended, Math.random() * SPREAD_MILLIS);
    offerReload("A new version of Pyrograph is on the server.");
  }
}

/** Twice as much, and browsers end the tab. Only Chromium tells how large the heap is. */
const MOST_BYTES = 2 ** 30;
const MEMORY_CHECK_MILLIS = 60_000;

/** Says so when the page holds far more than it should, and lets a wall screen begin anew by itself. */
function watchMemory({ memory, reloadUnattended }) {
  const timer = setInterval(() => {
    const bytes = (performance.memory?.usedJSHeapSize ?? 0) + memory.buffer.byteLength;
    if (bytes < MOST_BYTES) return;
    clearInterval(timer);
    reloadUnattended();
    offerReload(`This page has grown to ${(bytes / 2 ** 30).toFixed(1)} GiB of memory. Reloaded, it is small again.`);
  }, MEMORY_CHECK_MILLIS);
}

function offerReload(why) {
  const bar = document.createElement("div");
  bar.className = "new-version";
  bar.setAttribute("role", "status");
  const reload = document.createElement("button");
  reload.className = "button";
  reload.textContent = "Reload";
  reload.onclick = () => location.reload();
  bar.append(why, reload);
  document.body.prepend(bar);
}
