// Makes scripts for browsers of web/pad. Usage: node scripts/bundle-pad.mjs FOLDER, for the app's own inkling-pad.js.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

export const PAD = fileURLToPath(new URL("../web/pad/", import.meta.url));

/** Bundles entries (`{ name: source }`) into a folder. `assets` is where what is loaded later lies, seen from there. */
export function bundlePad(folder, entries, assets) {
  const sources = Object.entries(entries).map(([name, source]) => [name, join(PAD, source)]);
  buildSync({
    entryPoints: Object.fromEntries(sources),
    outdir: folder,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    // Bundlers take `new URL("…", import.meta.url)` for one file, which they would tear out of its folder.
    banner: { js: "const HERE=import.meta.url;" },
    define: { ASSETS: JSON.stringify(assets), "import.meta.url": "HERE" },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bundlePad(process.argv[2], { "inkling-pad": "index.ts" }, "./");
