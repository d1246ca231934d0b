// A peer in a Web Worker, as ours is: what a page does that must not stutter. Its own page is worker.js there.

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

/** What is big goes over as a transferred copy. */
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
