// The worker's entry: the page sends the compiled module and the glue's address, so nothing is downloaded twice.
// It is named by boot.js and stays unhashed; it holds no logic that could go stale.

// The glue is there when the module comes. Whether it can be loaded is said then.
import(self.location.hash.slice(1)).catch(() => {});

self.onmessage = async ({ data }) => {
  try {
    const glue = await import(data.glue);
    glue.initSync({ module: data.module });
    data.rest.onmessage = ({ data: rest }) => glue.useRest(rest);
    glue.serve(); // sets its own onmessage, then answers "ready"
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
