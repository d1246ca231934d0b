// Runs a peer in a Web Worker, like ours, so that the page stays responsive. worker.js is the peer's side.

const worker = new Worker(new URL("worker.js", location.href), { type: "module" });
let waiting;
worker.onmessage = ({ data }) => {
  if (data.error === undefined) waiting.resolve(data.result);
  else waiting.reject(new Error(data.error));
};

const call = (method, args, transfer = []) =>
  new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    worker.postMessage({ method, args }, transfer);
  });

/** Sends large data as a transferred copy. */
const send = (method) => (x, n) => {
  const copy = x.slice();
  return call(method, [copy, n], [copy.buffer]);
};

window.bench = {
  apiVersion: 1,
  name: `${document.title}, in a worker`,
  load: (spec) => call("load", [spec]),
  predict: send("predict"),
  predictBatch: send("predictBatch"),
};
