// Compares native training and inference with PyTorch's on the same CPU, in images per second.
// Usage: PYTHON=python3 node bench/native.mjs [--rounds 3]
//
// Skips what is missing, and prints a line about it. Writes target/bench/native.json and native.md.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const FOLDER = join(process.env.CARGO_TARGET_DIR ?? "target", "bench");
const THREADS = availableParallelism();
const OURS = "cargo run --quiet --release --features train -- bench --json".split(" ");
const pytorch = (threads) => [process.env.PYTHON ?? "python3", "bench/pytorch.py", String(threads)];
// Also with one thread, since threads that spin while waiting are far slower when other programs use the same cores.
const PEERS = [OURS, pytorch(THREADS), ...(THREADS > 1 ? [pytorch(1)] : [])];

/** The results of one command: one device, or a list of devices; empty if it can't run. */
function measure([command, ...args]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  const line = (stdout ?? "").trim().split("\n").at(-1);
  try {
    return [JSON.parse(line)].flat();
  } catch {
    const why = error?.message ?? (line || stderr.trim().split("\n").at(-1));
    console.error(`left out: ${[command, ...args].join(" ")}: ${why}${status ? ` (${status})` : ""}`);
    return [];
  }
}

const keyOf = ({ network, what, optimizer, batch }) =>
  [network, what, optimizer, `batch ${batch}`].filter(Boolean).join(" ");

/** Figures by device and row, one for each round. */
const figures = {};
const missing = new Set();
for (let round = 0; round < Number(options.rounds); round++) {
  for (const peer of PEERS.filter((peer) => !missing.has(peer))) {
    const measured = measure(peer);
    if (measured.length === 0) missing.add(peer);
    for (const { device, threads, rows } of measured) {
      const own = (figures[`${device}, ${threads} threads`] ??= { isPeer: peer !== OURS });
      for (const row of rows) (own[keyOf(row)] ??= []).push(row.images_per_second);
    }
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const round = (value) => Math.round(value).toLocaleString("en");
const text = (values) =>
  values ? `${round(median(values))} (${round(Math.min(...values))}–${round(Math.max(...values))})` : "–";

const names = Object.keys(figures);
const keys = [...new Set(names.flatMap((name) => Object.keys(figures[name])))].filter((key) => key !== "isPeer");

function best(key, isPeer) {
  const values = names.filter((name) => figures[name].isPeer === isPeer && figures[name][key]);
  return Math.max(...values.map((name) => median(figures[name][key])));
}

/** Our best device against PyTorch's best; training must be at least as fast. */
function verdict(key) {
  const ratio = best(key, false) / best(key, true);
  if (!Number.isFinite(ratio) || ratio <= 0) return "no figure";
  const mark = key.includes(" train ") ? (ratio >= 1 ? " ✓" : " ✗") : "";
  return `${ratio.toFixed(2)} ×${mark}`;
}

const lines = [
  `Images/s, ${THREADS} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; medians of ${options.rounds}` +
    " rounds in turns, minimum–maximum in brackets.",
  "",
  `| | ${[...names, "ours against PyTorch"].join(" | ")} |`,
  `|---|${"--:|".repeat(names.length + 1)}`,
  ...keys.map((key) => `| ${[key, ...names.map((name) => text(figures[name][key])), verdict(key)].join(" | ")} |`),
  "",
].join("\n");
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, "native.json"), JSON.stringify({ date: new Date().toISOString(), figures }, null, 2));
writeFileSync(join(FOLDER, "native.md"), lines);
console.log(lines);
