// The service worker comes first, so that all that the pad fetches passes through it and is kept.

const controlled = new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
});
const pad = document.querySelector("inkling-pad");
pad.addEventListener("inkling-ready", () => {
  document.getElementById("kept").textContent = "This page now works without a network.";
});
await navigator.serviceWorker.register("sw.js");
await controlled;
await import("./inkling-pad/inkling-pad.js");
