// Stands in for a script until the development server has built that script, and then hands over to it. Only
// `trunk serve` uses it (scripts/parts.mjs), under the other script's name.

const WAIT_MS = 2000;

export const isStandIn = true;

export default async function init() {
  const isWorker = "DedicatedWorkerGlobalScope" in self;
  const script = new URL(import.meta.url);
  for (let n = 1; ; n += 1) {
    // For src/supervisor.
    if (isWorker) self.postMessage({ message: { type: "building" } });
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    // Browsers remember a script by its address.
    script.search = `?${n}`;
    const built = await import(script);
    if (built.isStandIn) continue;
    if (!isWorker) return location.reload();
    return built.default({ module_or_path: new URL(script.pathname.replace(/\.js$/, "_bg.wasm"), script) });
  }
}
