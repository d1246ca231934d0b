// Runs and shows a short measurement of this browser on bench.html, unless a harness starts its own.

import { bench, isHarness, measureOwn } from "./bench.js";

/** A harness calls as soon as the page has loaded, so the page's own measurement waits a moment. */
const WAIT_MS = 800;
const MODEL = "pen";
const BATCH = 256;
const TRAIN_BATCH = 32;
/** Each figure is measured for this long, and over at least this many runs. */
const BUDGET_MS = 1500;
const MIN_RUNS = 3;

const status = document.getElementById("status");
const results = document.getElementById("results");
const asked = new URLSearchParams(location.search).get("backend") ?? "auto";
document.querySelector(`nav [data-backend="${CSS.escape(asked)}"]`)?.setAttribute("aria-current", "page");

let measured = null;

/** Returns made-up images: the time does not depend on their content. */
function images(n) {
  return Float32Array.from({ length: n * 784 }, (_, i) => ((i * 2654435761) % 256) / 255);
}

function quantile(sorted, q) {
  return sorted[Math.floor((sorted.length - 1) * q)];
}

/** Returns the milliseconds of each run, smallest first, after one warm-up run. */
async function times(signal, run) {
  await run();
  const all = [];
  const started = performance.now();
  while (all.length < MIN_RUNS || performance.now() - started < BUDGET_MS) {
    signal.throwIfAborted();
    const before = performance.now();
    await run();
    all.push(performance.now() - before);
  }
  return all.sort((a, b) => a - b);
}

const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
const perSecond = (n, unit) => `${n.toLocaleString("en", { maximumFractionDigits: n < 10 ? 1 : 0 })} ${unit}`;

async function measure(signal) {
  status.textContent = "Loading the engine…";
  const before = performance.now();
  const { backend, adapter, readyMs } = await bench.loadOwn(MODEL);
  const first = images(1);
  await bench.predict(first);
  // Without the wait for a harness.
  const firstAnswerMs = readyMs + performance.now() - Math.max(before, readyMs);
  measured = { backend, adapter, browser: navigator.userAgent, first_answer_ms: firstAnswerMs };
  const say = (what) => {
    signal.throwIfAborted();
    status.textContent = `Measuring ${what}…`;
  };

  say("one image");
  const one = await times(signal, () => bench.predict(first));
  Object.assign(measured, { one_p50_ms: quantile(one, 0.5), one_p95_ms: quantile(one, 0.95) });

  say("many images");
  const many = images(BATCH);
  const batch = await times(signal, () => bench.predictBatch(many, BATCH));
  measured.images_per_second = (BATCH / quantile(batch, 0.5)) * 1000;

  say("training");
  await bench.trainSetup({ optimizer: "sgd", lr: 0.001, scope: "full" });
  const x = images(TRAIN_BATCH);
  const y = Uint8Array.from({ length: TRAIN_BATCH }, (_, i) => i % 10);
  const steps = await times(signal, () => bench.trainStep(x, y, true));
  measured.training_steps_per_second = 1000 / quantile(steps, 0.5);
}

function show() {
  const rows = [
    ["Runs on", [measured.backend, measured.adapter].filter(Boolean).join(", ")],
    ["From opening the page to the first answer", milliseconds(measured.first_answer_ms)],
    ["One image, median", milliseconds(measured.one_p50_ms)],
    ["One image, 95th percentile", milliseconds(measured.one_p95_ms)],
    [`Batches of ${BATCH}`, perSecond(measured.images_per_second, "images/s")],
    [`Training, batches of ${TRAIN_BATCH}`, perSecond(measured.training_steps_per_second, "steps/s")],
  ];
  const cells = rows.map(([what, result]) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: what });
    row.append(head, Object.assign(document.createElement("td"), { textContent: result }));
    return row;
  });
  results.querySelector("tbody").replaceChildren(...cells);
  results.hidden = false;
}

async function runOwn() {
  results.hidden = true;
  try {
    await measureOwn(measure);
    show();
    status.textContent = "Measured just now on this device. The first answer includes the time for downloads.";
  } catch (error) {
    status.textContent = isHarness
      ? "A program is measuring through this page."
      : `The measurement failed: ${error.message}. Choose another backend, or reload the page.`;
  }
}

document.getElementById("again").addEventListener("click", runOwn);
document.getElementById("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText(JSON.stringify(measured, null, 2));
  target.textContent = "Copied";
});

setTimeout(() => {
  if (!isHarness) runOwn();
  else status.textContent = "A program is measuring through this page.";
}, WAIT_MS);
