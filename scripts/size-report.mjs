// Analyses each wasm: writes docs/sizes.md from dist and from the unstripped files that `make dist` left.
// Usage: node scripts/size-report.mjs TARGET_DIR (needs twiggy; see `make sizes`)

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

// The output of wasm-bindgen, before finish-dist.mjs, with function names.
const target = join(process.argv[2], "wasm-bindgen/release");
const FILES = [
  ["page", "inkling-app_bg", /^inkling-app.*_bg\.wasm$/],
  ["catalogue", "catalogue_bg", /^catalogue_bg\.wasm$/],
  ["flex", "engine-flex_bg", /^engine-flex_bg\.wasm$/],
  ["ndarray", "engine-ndarray_bg", /^engine-ndarray_bg\.wasm$/],
  ["WebGPU", "engine-gpu_bg", /^engine-gpu_bg\.wasm$/],
];
const N_ROWS = 12;

const dist = execFileSync("ls", ["dist"], { encoding: "utf8" }).split("\n");
const kb = (bytes) => (bytes / 1000).toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** The crate that a function comes from, judging by its name. */
function crateOf(name) {
  if (/^data\b|^data segment/.test(name)) return "data (constants, texts, tables)";
  if (/section/.test(name)) return null;
  const crate = name.match(/([a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/i)?.[1];
  return crate ?? "other";
}

function byCrate(path) {
  const json = execFileSync("twiggy", ["top", "--format", "json", "-n", "1000000", path], { maxBuffer: 2 ** 30 });
  const sums = new Map();
  for (const { name, shallow_size: size } of JSON.parse(json)) {
    const crate = crateOf(name);
    if (crate) sums.set(crate, (sums.get(crate) ?? 0) + size);
  }
  const total = [...sums.values()].reduce((a, b) => a + b, 0);
  return { total, rows: [...sums].sort((a, b) => b[1] - a[1]) };
}

const shipped = FILES.map(([title, , pattern]) => {
  const bytes = readFileSync(join("dist", dist.find((name) => pattern.test(name))));
  return `| ${title} | ${kb(bytes.length)} | ${kb(gzipSync(bytes, { level: 9 }).length)} | ${kb(brotliCompressSync(bytes).length)} |`;
});

const parts = FILES.map(([title, path]) => {
  const { total, rows } = byCrate(join(target, `${path}.wasm`));
  const rest = rows.slice(N_ROWS).reduce((sum, [, size]) => sum + size, 0);
  const lines = [...rows.slice(0, N_ROWS), ["the rest", rest]].map(
    ([crate, size]) => `| ${crate} | ${kb(size)} | ${((100 * size) / total).toFixed(1)} % |`,
  );
  return [`## ${title}`, "", "| crate | kB | share |", "|---|--:|--:|", ...lines, ""].join("\n");
});

writeFileSync(
  "docs/sizes.md",
  `# What is in each wasm

Written by \`make sizes\`. [budgets.json](../budgets.json) sets the limits, and \`make test-browser\` fails if a file
exceeds its limit.

As shipped, in kB:

| wasm | raw | gzip | brotli |
|---|--:|--:|--:|
${shipped.join("\n")}

The tables below show sizes by crate in the output of wasm-bindgen, before wasm-opt and without debug sections. A
generic function counts towards the crate that its name begins with, so \`core\` and \`alloc\` include functions that other
crates instantiated.

${parts.join("\n")}`,
);
