// Prepares Trunk's output for a host: wasm-opt, smaller scripts and styles, Content-Security-Policy, service worker.
// Usage: node scripts/finish-dist.mjs DIST

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { transformSync } from "esbuild";
import { filesBelow } from "./files.mjs";

const dist = process.argv[2];
const root = fileURLToPath(new URL("..", import.meta.url));

// The wasm features that LLVM may use, by rustc's defaults and .cargo/config.toml.
const WASM_FEATURES = [
  "simd",
  "bulk-memory",
  "bulk-memory-opt",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
].map((name) => `--enable-${name}`);

// The page needs only its own files. The headers of a worker's own response govern the worker.
const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Files that most visitors never use. They are kept for offline use only after their first use. */
const LAZY = /^(engine-gpu|engine-ndarray|bench|reader|mnist\/|weights\/(?!manifest\.json$|pen-[0-9a-f]+\.))/;

function files() {
  // build-widget.mjs makes the package of <inkling-pad> from these files later. It isn't part of the app.
  return filesBelow(dist).filter((name) => !name.startsWith("widget/"));
}

function optimizeWasm() {
  for (const file of files().filter((name) => name.endsWith(".wasm"))) {
    const path = join(dist, file);
    execFileSync(process.execPath, [
      join(root, "node_modules/binaryen/bin/wasm-opt"),
      ...WASM_FEATURES,
      // One pass of -O2 on 20 MB takes minutes; -O1 takes most of the bytes in seconds.
      "-O1",
      "--strip-debug",
      "--strip-producers",
      "--output",
      path,
      path,
    ]);
  }
}

function minify() {
  for (const file of files().filter((name) => /\.(js|css)$/.test(name))) {
    const path = join(dist, file);
    const options = { loader: extname(file).slice(1), minify: true, target: "es2022", legalComments: "none" };
    writeFileSync(path, transformSync(readFileSync(path, "utf8"), options).code);
  }
}

function addMeta() {
  const path = join(dist, "index.html");
  const meta =
    `<meta http-equiv="Content-Security-Policy" content="${CSP}" />\n` +
    `    <meta name="inkling-offline" content="yes" />`;
  const html = readFileSync(path, "utf8");
  if (html.includes("Content-Security-Policy")) return;
  writeFileSync(path, html.replace(/<meta charset="?utf-8"?\s*\/?>/, `$&\n    ${meta}`));
}

function writeServiceWorker() {
  const sums = Object.fromEntries(
    files()
      .filter((name) => name !== "sw.js")
      .map((name) => [name, createHash("sha256").update(readFileSync(join(dist, name))).digest("hex")]),
  );
  const version = createHash("sha256").update(JSON.stringify(sums)).digest("hex").slice(0, 16);
  const eager = Object.keys(sums).filter((name) => !LAZY.test(name));
  const source = readFileSync(join(root, "web/sw.js"), "utf8");
  const constants = { __VERSION__: version, __SUMS__: sums, __EAGER__: eager };
  const filled = source.replace(/__[A-Z]+__/g, (name) => JSON.stringify(constants[name]));
  writeFileSync(join(dist, "sw.js"), filled);
}

function printSizes() {
  for (const file of files().filter((name) => /\.(wasm|js|css|html|safetensors)$/.test(name))) {
    const bytes = readFileSync(join(dist, file));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const brotli = brotliCompressSync(bytes, quality).length;
    const kb = (n) => `${(n / 1000).toFixed(1)} kB`.padStart(12);
    console.log(`${file.padEnd(48)}${kb(bytes.length)} raw${kb(brotli)} brotli`);
  }
}

optimizeWasm();
minify();
addMeta();
writeServiceWorker();
printSizes();
