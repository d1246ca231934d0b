// Runs in the page before its own scripts, with `spec` and `image` given. Requests the first answer as soon as the
// page has set `window.bench`. Times count from the start of navigation.

function cold({ spec, image }) {
  let bench;
  // A setter notices the assignment immediately; a timer would be up to 4 ms late.
  Object.defineProperty(window, "bench", {
    configurable: true,
    get: () => bench,
    set(value) {
      Object.defineProperty(window, "bench", { value, writable: true, configurable: true });
      bench = value;
      // Once the script that set it has run.
      window.cold = Promise.resolve().then(first);
    },
  });

  async function first() {
    const ready_ms = performance.now();
    const runs = await bench.load(spec);
    const loaded_ms = performance.now();
    await bench.predict(Float32Array.from(image, (pixel) => pixel / 255));
    return { cold_ms: performance.now(), ready_ms, loaded_ms, name: bench.name, runs };
  }
}
