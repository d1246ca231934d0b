// Stands in for an engine's script until the development server has built the engine: says so, waits, and then hands over. Only
// `trunk serve` has it (scripts/parts.mjs), under the name of the script that it stands in for.

const WAIT_MS = 5000;

export const isStandIn = true;

export default async function init() {
  if (!("DedicatedWorkerGlobalScope" in self)) {
    throw new Error("the development server is still building this part; the terminal says when it is ready");
  }
  const script = new URL(import.meta.url);
  for (let n = 1; ; n += 1) {
    self.postMessage({ message: { type: "building" } });
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    // Browsers remember a script by its address.
    script.search = `?${n}`;
    const built = await import(script);
    if (built.isStandIn) continue;
    return built.default({ module_or_path: new URL(script.pathname.replace(/\.js$/, "_bg.wasm"), script) });
  }
}
