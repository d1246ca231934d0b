// The worker's side of in-worker.js: runs the peer's own script as if it were in a page.

self.window = self;
const ready = import("./main.js");
self.onmessage = async ({ data: { method, args } }) => {
  try {
    await ready;
    const result = await self.bench[method](...args);
    self.postMessage({ result }, result.buffer ? [result.buffer] : []);
  } catch (error) {
    self.postMessage({ error: error.message });
  }
};
