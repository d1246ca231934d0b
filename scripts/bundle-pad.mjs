// Bundles web/pad into scripts for browsers.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

export const PAD = fileURLToPath(new URL("../web/pad/", import.meta.url));

/**
 * Bundles entries (`{ name: source }`) into a folder. `assets` is the path from there to the files that are loaded
 * later.
 */
export function bundlePad(folder, entries, assets) {
  const sources = Object.entries(entries).map(([name, source]) => [name, join(PAD, source)]);
  buildSync({
    entryPoints: Object.fromEntries(sources),
    outdir: folder,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    // Bundlers treat `new URL("…", import.meta.url)` as a single file, and would move it out of its folder.
    banner: { js: "const HERE=import.meta.url;" },
    define: { ASSETS: JSON.stringify(assets), "import.meta.url": "HERE" },
    logLevel: "warning",
  });
}
