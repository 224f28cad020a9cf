// The worker's entry: the page sends the compiled module and the glue's address, so nothing is downloaded twice.
// It is named by boot.js and stays unhashed; it holds no logic that could go stale.
self.onmessage = async ({ data }) => {
  try {
    const glue = await import(data.glue);
    glue.initSync({ module: data.module });
    glue.serve(); // sets its own onmessage, then answers "ready"
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
