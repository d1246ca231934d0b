// Shared by the widget's tests: made-up pages, writing on a pad, and the pad's events.

import { expect } from "@playwright/test";
import { DIGITS } from "../inkling.mjs";

/** The host of the made-up pages. It also has the package. */
export const PAGES = "http://127.0.0.1:4174";
/** The package on the page's own host. */
export const HERE = `${PAGES}/widget`;
/** The package on another host that all origins may use, served by examples/serve.mjs. */
export const ELSEWHERE = "http://127.0.0.1:4181";

/** A hand-drawn star, in shares of the pad. */
export const STAR = [[[0.5, 0.12], [0.72, 0.85], [0.14, 0.4], [0.86, 0.4], [0.28, 0.85], [0.5, 0.12]]];

/** Returns the URL of a page with `body`, and with the package unless `widget` is null. */
export function address(body, { widget = HERE, head = "", headers = {} } = {}) {
  const script = widget ? `<script type="module" src="${widget}/inkling-pad.js"></script>` : "";
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>${head}${script}</head><body><main>${body}</main></body></html>`;
  return `${PAGES}/page?${new URLSearchParams({ html, headers: JSON.stringify(headers) })}`;
}

/** Opens such a page, and records its pads' warnings, its errors and its requests. */
export async function show(page, body, options) {
  const said = { warnings: [], errors: [], requests: [] };
  page.on("console", (message) => {
    if (message.text().startsWith("<inkling-pad>")) said.warnings.push(message.text());
  });
  page.on("pageerror", (error) => said.errors.push(error.message));
  page.on("request", (request) => said.requests.push(request.url()));
  await listen(page);
  await page.goto(address(body, options));
  return said;
}

const TYPES = ["input", "change", "inkling-ready", "inkling-prediction", "inkling-error", "inkling-ink"];

/** Records the pads' events, starting before the page loads. */
export async function listen(page) {
  await page.addInitScript((types) => {
    globalThis.heard = [];
    for (const type of types) {
      document.addEventListener(type, ({ detail, target }) => {
        if (target.localName === "inkling-pad") globalThis.heard.push({ type, detail, id: target.id });
      });
    }
  }, TYPES);
}

/** Returns the pads' events of one type so far. */
export async function heard(page, type) {
  const events = await page.evaluate(() => globalThis.heard);
  return events.filter((event) => event.type === type);
}

/** Waits for an `inkling-error`, and returns its detail. */
export async function trouble(page) {
  await expect.poll(() => heard(page, "inkling-error"), { timeout: 60_000 }).not.toHaveLength(0);
  return (await heard(page, "inkling-error"))[0].detail;
}

/**
 * Writes strokes of [x, y] with the mouse. They are in shares of a square with the pad's height, centred on `middle`,
 * which is in shares of the pad's width.
 */
export async function write(pad, strokes, { middle = 0.5, size = 1 } = {}) {
  const page = pad.page();
  const canvas = pad.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const side = size * box.height;
  const at = ([x, y]) => [box.x + middle * box.width + (x - 0.5) * side, box.y + box.height / 2 + (y - 0.5) * side];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point), { steps: 4 });
    await page.mouse.up();
  }
}

/** Writes a number across the pad. */
export async function writeNumber(pad, number) {
  const digits = [...number].map(Number);
  for (const [i, digit] of digits.entries()) {
    await write(pad, DIGITS[digit], { middle: (i + 0.5) / digits.length, size: 0.75 });
  }
}

/** Returns the same number as strokes for the module: 1000 units high, without radius. */
export function strokesOf(number) {
  return [...number].flatMap((digit, i) => DIGITS[digit].map((stroke) => stroke.map(([x, y]) => [1000 * (0.6 * i + x), 1000 * y])));
}

/** Returns two samples of each digit, and six of an unusual 9, which stands for the person's handwriting. */
export function handSamples() {
  const nine = [
    [[0.35, 0.2], [0.65, 0.2], [0.65, 0.5], [0.35, 0.5], [0.35, 0.2]],
    [[0.65, 0.5], [0.35, 0.85]],
  ];
  const changed = (strokes, i) =>
    strokes.map((stroke) => stroke.map(([x, y]) => [1000 * (0.5 + (x - 0.5) * (1 + 0.06 * i) + 0.03 * i * (y - 0.5)), 1000 * y, 38]));
  const plain = DIGITS.slice(0, 9).flatMap((digit, label) => [0, 1].map((i) => ({ label: String(label), strokes: changed(digit, i) })));
  return [...plain, ...[-2, -1, 0, 1, 2, 3].map((i) => ({ label: "9", strokes: changed(nine, i) }))];
}

export async function expectValue(pad, value) {
  await expect(pad).toHaveJSProperty("value", value, { timeout: 60_000 });
}

/** Waits until there are `n` workers. */
export async function expectWorkers(page, n) {
  await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(n);
}
