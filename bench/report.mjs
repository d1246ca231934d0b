// Formats the results as Markdown: a table of medians with their spread, and the target ratios.
// Usage: node bench/report.mjs [results.json]

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MEASUREMENTS } from "./contestants.mjs";

const TOLERANCE = 1e-2;
const LOSS_TOLERANCE = 1e-3;
const CPU = "inkling-flex";
const GPU = "inkling-webgpu";
const WASM_PEERS = ["tfjs-wasm", "ort-wasm"];
/** Peers that run in a worker, as ours does so that the page stays responsive. */
const PEERS_IN_WORKERS = ["tfjs-wasm-worker", "ort-wasm-worker"];
const isPeer = (name) => !name.startsWith("inkling-");

/** Selects one contestant's figures for a key, one from each round that has it. */
const PICK = {
  cold: (round) => round.cold_ms,
  memory: (round) => round.memory_mb,
  one: (round, key) => round[key]?.p50_ms,
  p95: (round, key) => round[key.replace("p95", "one")]?.p95_ms,
  batch: (round, key) => round[key]?.images_per_s,
  test: (round, key) => round[key] && (round[key].seconds / round[key].n) * 10_000,
  train: (round, key) => round[key]?.steps_per_s,
};

class Figures {
  constructor(contestants) {
    this.contestants = contestants;
  }

  values(name, key) {
    const result = this.contestants[name];
    if (!result) return [];
    if (key === "code" || key === "weights") return result.bytes ? [result.bytes[key] / 1e6] : [];
    if (key.startsWith("first ")) {
      const train = key.slice("first ".length);
      return result.rounds.map((round) => round[train]?.first_ms).filter(Number.isFinite);
    }
    return result.rounds.map((round) => PICK[key.split(" ")[0]](round, key)).filter(Number.isFinite);
  }

  median(name, key) {
    const sorted = this.values(name, key).sort((a, b) => a - b);
    const half = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The median, with minimum and maximum over the rounds in brackets if they differ as printed. */
  text(name, key) {
    const values = this.values(name, key);
    if (values.length === 0) return this.contestants[name].errors[key.replace(/^(p95|first) /, "")] ? "✗" : "–";
    const [low, middle, high] = [Math.min(...values), this.median(name, key), Math.max(...values)].map(short);
    return low === high ? middle : `${middle} (${low}–${high})`;
  }
}

function short(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

export function report(results) {
  const { machine, contestants, networks } = results;
  const figures = new Figures(contestants);
  const weights = Object.entries(networks).map(
    ([name, { params, trained }]) => `${name} ${params} ${trained ? "trained" : "random"}`,
  );
  return [
    `# Side by side, ${results.date.slice(0, 10)}`,
    "",
    `${machine.cores} × ${machine.cpu}, Chromium ${machine.chromium}${machine.isolated ? ", cross-origin isolated" : ""};` +
      ` WebGPU on ${machine.webgpu ?? "nothing"}, WebGL on ${machine.webgl ?? "nothing"};` +
      ` ${results.rounds} rounds in turns, load ${machine.load[1].toFixed(1)} at the end.`,
    `Medians of the rounds, minimum–maximum in brackets. Parameters: ${weights.join(", ")}.`,
    "",
    ...mainTable(results, figures),
    "",
    ...trainingTable(results, figures),
    "",
    ...errorLines(contestants),
    "## Targets",
    "",
    ...targetTable(figures),
    "",
  ].join("\n");
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|---|${"--:|".repeat(head.length - 1)}`, ...rows.map(line)];
}

function mainTable({ contestants, networks, machine }, figures) {
  const models = Object.keys(networks);
  const columns = [
    ["code, MB brotli", "code"],
    ["cold start, ms", "cold"],
    ...models.flatMap((model) => [
      [`${model} one, ms`, `one ${model}`],
      [`p95`, `p95 ${model}`],
    ]),
    ...models.map((model) => [`${model} batch 256, images/s`, `batch ${model}`]),
    ["10,000 digits, s", "test M2"],
    ["peak memory, MB", "memory"],
  ];
  const rows = Object.entries(contestants).map(([name, result]) => [
    name,
    ...columns.map(([, key]) => figures.text(name, key) + (key === "test M2" && isPartial(result) ? " *" : "")),
    accuracy(result),
    difference(result),
  ]);
  const head = ["", ...columns.map(([title]) => title), "accuracy", "logits differ by"];
  const empty = machine.empty_page_mb
    ? ["", `Memory is that of the renderer process; an empty page uses ${short(machine.empty_page_mb)} MB.`]
    : [];
  const note = Object.values(contestants).some(isPartial)
    ? ["", "\\* Extrapolated from as many digits as there was time for."]
    : [];
  return [...table(head, rows), ...empty, ...note];
}

const isPartial = ({ rounds }) => rounds.some((round) => round["test M2"]?.n < 10_000);

function accuracy({ rounds }) {
  const test = rounds.find((round) => round["test M2"])?.["test M2"];
  return test ? `${(100 * test.accuracy).toFixed(2)} %` : "–";
}

function difference({ difference }) {
  const values = Object.values(difference);
  if (values.length === 0) return "–";
  const worst = Math.max(...values);
  return `${worst.toExponential(0)}${worst < TOLERANCE ? "" : " ✗ DIFFERENT OUTPUTS"}`;
}

function trainingTable({ contestants }, figures) {
  const trainings = MEASUREMENTS.filter(({ what }) => what === "train").map(({ key }) => key);
  const cell = (name, key) =>
    figures.text(name, key) + (hasOtherLosses(contestants, name, key) ? " ✗ DIFFERENT LOSS" : "");
  const rows = Object.keys(contestants)
    .filter((name) => trainings.some((key) => figures.values(name, key).length > 0))
    .map((name) => [name, figures.text(name, `first ${trainings[0]}`), ...trainings.map((key) => cell(name, key))]);
  const head = [
    "steps/s, batch 32",
    `first step of ${trainings[0].slice(6)}, ms`,
    ...trainings.map((key) => key.slice(6)),
  ];
  return table(head, rows);
}

/** Whether the losses of the first two steps, before and after an update, differ from the first contestant's. */
function hasOtherLosses(contestants, name, key) {
  const losses = (result) => result.rounds.find((round) => round[key])?.[key].losses;
  const reference = Object.values(contestants).map(losses).find(Boolean);
  const own = losses(contestants[name]);
  return Boolean(own) && own.some((loss, step) => !(Math.abs(loss - reference[step]) < LOSS_TOLERANCE));
}

function errorLines(contestants) {
  const lines = Object.entries(contestants).flatMap(([name, { errors }]) => {
    const keys = {};
    for (const [key, text] of Object.entries(errors)) (keys[text] ??= []).push(key);
    return Object.entries(keys).map(([text, failed]) => `- ${name}, ${failed.join(", ")}: ${text}`);
  });
  return lines.length ? ["What failed:", "", ...lines, ""] : [];
}

/** Ratios above 1 favour ours, whether smaller or larger figures are better. */
function targetTable(figures) {
  const peers = Object.keys(figures.contestants).filter(isPeer);
  const rows = [];
  const against = (what, ours, others, key, least, isLessBetter) => {
    const mine = figures.median(ours, key);
    const known = others.map((name) => [name, figures.median(name, key)]).filter(([, value]) => Number.isFinite(value));
    known.sort(([, a], [, b]) => (isLessBetter ? a - b : b - a));
    const [best, theirs] = known[0] ?? [];
    if (!Number.isFinite(mine) || !best) {
      const cells = [Number.isFinite(mine) ? short(mine) : "–", best ? `${short(theirs)} (${best})` : "–"];
      return rows.push([what, ...cells, "–", `≥ ${short(least)}`, "no figure"]);
    }
    const ratio = isLessBetter ? theirs / mine : mine / theirs;
    rows.push([
      what,
      `${short(mine)}`,
      `${short(theirs)} (${best})`,
      `${short(ratio)} ×`,
      `≥ ${short(least)}`,
      mark(ratio >= least),
    ]);
  };

  for (const model of ["M1", "M2", "M3"]) {
    against(`flex: ${model} one image, ms`, CPU, WASM_PEERS, `one ${model}`, 1, true);
    against(`flex: ${model} one image, ms, all in workers`, CPU, PEERS_IN_WORKERS, `one ${model}`, 1, true);
    against(`flex: ${model} batch 256, images/s`, CPU, WASM_PEERS, `batch ${model}`, 1, false);
  }
  const least = { "M2 full": 15, "M1 full": 2, "M2 last": 1, "M1 last": 1 };
  for (const { key, model, scope } of MEASUREMENTS.filter(({ what }) => what === "train")) {
    against(`flex: ${key}, steps/s`, CPU, peers, key, least[`${model} ${scope}`], false);
  }
  against("flex: cold start, ms", CPU, ["ort-wasm"], "cold", 1, true);
  against("flex: cold start, ms", CPU, ["tfjs-wasm"], "cold", 1 / 1.5, true);
  const code = figures.median(CPU, "code");
  rows.push(["flex: code, MB brotli", Number.isFinite(code) ? short(code) : "–", "", "", "≤ 0.6", mark(code <= 0.6)]);

  for (const model of ["M1", "M2", "M3"]) {
    against(`webgpu: ${model} one image, ms`, GPU, ["ort-webgpu"], `one ${model}`, 1, true);
    against(`webgpu: ${model} batch 256, images/s`, GPU, ["ort-webgpu"], `batch ${model}`, 1, false);
  }
  for (const { key } of MEASUREMENTS.filter(({ what }) => what === "train")) {
    against(`webgpu: ${key}, steps/s`, GPU, ["tfjs-webgpu"], key, 3, false);
  }
  against("webgpu: cold start, ms", GPU, ["ort-webgpu"], "cold", 1, true);
  against("webgpu: first training step, ms", GPU, ["tfjs-webgpu"], "first train M2 full adam", 1, true);
  return table(["", "ours", "best peer", "ratio in favour of ours", "target", ""], rows);
}

const mark = (isMet) => (isMet ? "✓" : "✗");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? `${process.env.CARGO_TARGET_DIR ?? "target"}/bench/results.json`;
  console.log(report(JSON.parse(readFileSync(path, "utf8"))));
}
