// The worker's side of in-worker.js: the peer's own script, which believes to be in a page.

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
