// Registers the service worker first, so that it can cache everything that the pad downloads.

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
