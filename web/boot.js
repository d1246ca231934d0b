// Starts the page's wasm. It has its own file because the Content-Security-Policy allows no inline script.

import { spawn } from "./spawn.js";

// The CPU engine starts in parallel with the page's wasm, which then takes over the worker and its messages so far
// (src/host/worker_handle.rs).
const backend = new URLSearchParams(location.search).get("backend");
if (backend === null || backend === "flex") {
  const name = backend === null ? "flex" : "flex any";
  const worker = spawn(name);
  const said = [];
  worker.onmessage = (event) => said.push(event);
  globalThis.inklingEarlyWorker = { name, worker, said };
}

const { module, wasm } = document.querySelector("script[data-wasm]").dataset;
try {
  const { default: init } = await import(new URL(module, document.baseURI));
  await init({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  console.error(error);
  const message = document.getElementById("boot-error");
  if (message) message.hidden = false;
}

// The page works offline from the second visit. Development servers have no sw.js.
if ("serviceWorker" in navigator && document.querySelector('meta[name="inkling-offline"]')) {
  navigator.serviceWorker.register("sw.js").catch((error) => console.warn("Offline use is off:", error));
}
