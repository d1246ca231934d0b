// Makes DIST/widget/, the package of <inkling-pad>, from web/pad and the app's own distribution.
// Usage: node scripts/build-widget.mjs DIST

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { PAD as pad, bundlePad } from "./bundle-pad.mjs";
import { filesBelow } from "./files.mjs";

const dist = process.argv[2];
const root = fileURLToPath(new URL("..", import.meta.url));
const widget = join(dist, "widget");

/** The files that are loaded once there is something to read. */
const LAZY = [
  "reader.js",
  "reader_bg.wasm",
  "download.js",
  "spawn.js",
  "engine-worker.js",
  ...["flex", "ndarray", "gpu"].flatMap((kind) => [`engine-${kind}.js`, `engine-${kind}_bg.wasm`]),
  "mnist/rehearsal.idx.gz.bin",
  "mnist/test-digits.idx.gz.bin",
];
/** The networks in the package. `embedding` tells symbols apart. */
const MODELS = ["pen", "pen-small", "tiny-bn", "embedding"];
const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE.md"];

/** Copies the files that are loaded later into a folder named by a hash of them all, and returns its name. */
function collectAssets() {
  const folder = join(widget, "assets");
  const copy = (file) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(dist, file), join(folder, file));
  };
  const manifest = JSON.parse(readFileSync(join(dist, "weights/manifest.json"), "utf8"));
  const models = MODELS.map((id) => manifest.models.find((model) => model.id === id));
  for (const file of [...LAZY, ...models.map(({ file }) => `weights/${file}`)]) copy(file);
  writeFileSync(join(folder, "weights/manifest.json"), JSON.stringify({ ...manifest, models }));

  const hash = createHash("sha256");
  for (const file of filesBelow(folder)) hash.update(file).update(readFileSync(join(folder, file)));
  const name = hash.digest("hex").slice(0, 12);
  renameSync(folder, join(widget, name));
  return name;
}

/** Writes the types. Their imports name files in full, as Node.js requires. */
function declare() {
  const types = join(widget, "types");
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--stripInternal", "--outDir", types];
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", pad, ...options], { stdio: "inherit" });
  for (const file of filesBelow(types)) {
    const text = readFileSync(join(types, file), "utf8");
    writeFileSync(join(types, file), text.replace(/(from |import\()"(\.\/[\w-]+)"/g, '$1"$2.js"'));
  }
  writeFileSync(join(widget, "inkling-pad.d.ts"), 'export * from "./types/index.js";\n');
  writeFileSync(join(widget, "recognizer.d.ts"), 'export * from "./types/recognizer.js";\n');
}

function describe(assets) {
  const [, version] = readFileSync(join(root, "Cargo.toml"), "utf8").match(/^version = "(.*)"$/m);
  const entry = (name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  const description = {
    name: "inkling-pad",
    version,
    description: "A form field that reads handwritten digits in the browser: <inkling-pad>",
    keywords: ["handwriting", "recognition", "digits", "ocr", "custom-element", "web-component", "form", "wasm", "webgpu"],
    license: "(MIT OR Apache-2.0) AND CC-BY-SA-3.0",
    type: "module",
    exports: {
      ".": entry("inkling-pad"),
      "./recognizer": entry("recognizer"),
      "./vite": "./vite.js",
      "./custom-elements.json": "./custom-elements.json",
      "./package.json": "./package.json",
    },
    types: "./inkling-pad.d.ts",
    unpkg: "./inkling-pad.js",
    jsdelivr: "./inkling-pad.js",
    customElements: "custom-elements.json",
    sideEffects: ["./inkling-pad.js"],
    files: ["*.js", "*.js.br", "*.js.gz", "*.d.ts", "types", assets, "custom-elements.json", ...LICENCES],
  };
  writeFileSync(join(widget, "package.json"), `${JSON.stringify(description, null, 2)}\n`);
  for (const file of ["README.md", "custom-elements.json"]) cpSync(join(pad, file), join(widget, file));
  const plugin = readFileSync(join(pad, "vite.js"), "utf8");
  writeFileSync(join(widget, "vite.js"), plugin.replace("__ASSETS__", assets));
  for (const file of LICENCES) cpSync(join(root, file), join(widget, file));
}

/** Writes a .br and a .gz beside every file that a browser fetches and that compression makes smaller. */
function compress() {
  const isFetched = /\.(js|wasm|safetensors)$|manifest\.json$/;
  for (const file of filesBelow(widget).filter((name) => isFetched.test(name))) {
    const bytes = readFileSync(join(widget, file));
    // The highest quality takes a minute for a megabyte of wasm and saves little.
    const quality = { [constants.BROTLI_PARAM_QUALITY]: file.endsWith(".wasm") ? 9 : 11 };
    writeFileSync(join(widget, `${file}.br`), brotliCompressSync(bytes, { params: quality }));
    writeFileSync(join(widget, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

rmSync(widget, { recursive: true, force: true });
const assets = collectAssets();
// Two entries, each complete: a page needs one of them.
bundlePad(widget, { "inkling-pad": "index.ts", recognizer: "recognizer.ts" }, `./${assets}/`);
declare();
describe(assets);
compress();
const size = readFileSync(join(widget, "inkling-pad.js.br")).length;
console.log(`widget: inkling-pad.js is ${size} bytes as brotli, the rest is in ${assets}/`);
