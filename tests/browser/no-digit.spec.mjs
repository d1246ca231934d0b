// Ink that isn't a digit: the page says so, and shows the closest digit.

import { expect, test } from "@playwright/test";
import { defaultEntry, manifest } from "./engine.mjs";
import { DIGITS, SEVEN, draw, expectDigit, open, prepareWorker, waitForEngine } from "./inkling.mjs";

const W = [[[0.15, 0.2], [0.32, 0.8], [0.5, 0.4], [0.68, 0.8], [0.85, 0.2]]];
const STAR = [[[0.5, 0.1], [0.74, 0.85], [0.12, 0.4], [0.88, 0.4], [0.26, 0.85], [0.5, 0.1]]];
const R = [[[0.3, 0.9], [0.3, 0.1], [0.6, 0.12], [0.7, 0.3], [0.55, 0.48], [0.3, 0.5], [0.75, 0.9]]];
const HASH = [
  [[0.35, 0.1], [0.3, 0.9]],
  [[0.7, 0.1], [0.65, 0.9]],
  [[0.1, 0.35], [0.9, 0.35]],
  [[0.1, 0.65], [0.9, 0.65]],
];
const SCRIBBLE = [
  Array.from({ length: 40 }, (_, i) => [0.15 + 0.7 * (i / 39), i % 2 ? 0.2 + 0.011 * (i % 7) : 0.8 - 0.013 * (i % 5)]),
];

const expectNoDigit = (page) => expect(page.locator("#winner")).toHaveAttribute("data-verdict", "none");

/** Serves a manifest in which every network has learnt to tell digits from other ink. */
async function letNetworksTell(page) {
  const changed = manifest();
  const { test, ...entry } = defaultEntry(changed);
  const pens = entry.pens ?? { temperature: 1, offset: 0, test, calibration_error: 0.01, rejected: [] };
  for (const model of changed.models) model.pens ??= pens;
  await page.route("**/weights/manifest.json", (route) => route.fulfill({ json: changed }));
}

/** Lowers the logits of every network so far that it rejects all ink. */
const LOWERED = `
  const send = self.postMessage.bind(self);
  self.postMessage = (data, transfer) => {
    if (data?.message?.type === "classified") {
      const logits = new Float32Array(data.buffer);
      logits.forEach((logit, i) => (logits[i] = logit - 60));
    }
    send(data, transfer);
  }`;

test("ink that the network rejects is shown with the closest digit", async ({ page }) => {
  await letNetworksTell(page);
  await prepareWorker(page, LOWERED);
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectNoDigit(page);
  await expectDigit(page, "");
  await expect(page.locator("#winner")).toHaveText("?");
  await expect(page.locator("#no-digit")).toHaveText("Not a digit");
  await expect(page.locator("#closest")).toHaveText("7");
  await expect(page.locator(".bar.wins")).toHaveCount(0);
  const shares = await page.locator(".bar").evaluateAll((bars) => bars.map((bar) => Number(bar.dataset.probability)));
  expect(shares.indexOf(Math.max(...shares)), "the alternatives stay").toBe(7);
  await expect(page.locator("#live")).toContainText("Not a digit. Closest: 7");
  await expect(page.locator("#pad")).toHaveAttribute("aria-label", /Not a digit/);
});

test("networks that reject the drawing vote “?”", async ({ page }) => {
  await letNetworksTell(page);
  await prepareWorker(page, LOWERED);
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await page.getByRole("button", { name: "Ask all networks" }).click();
  await expect(page.locator('.vote[data-vote="softmax"] .vote-digit')).toHaveText("?");
  await expect(page.locator(".tally")).toHaveText("No network recognises a digit.");
});

test("next to no ink isn't a digit, whatever the network", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, [[0.5, 0.5], [0.5, 0.5]]);
  await expectNoDigit(page);
  await expect(page.locator("#no-digit")).toHaveText("Too little ink");
  await draw(page, [[0.2, 0.8], [0.21, 0.81]]);
  await expect(page.locator("#no-digit")).toHaveText("Too little ink");
  await page.locator("#clear").click();
  await expect(page.locator("#winner")).toHaveAttribute("data-verdict", "");
  await expect(page.locator("#no-digit")).toBeHidden();
});

test("a digit a twentieth as large as the pad is read", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  const small = (stroke) => stroke.map(([x, y]) => [0.4 + 0.07 * x, 0.3 + 0.07 * y]);
  for (const digit of [1, 7]) {
    await draw(page, ...DIGITS[digit].map(small));
    await expectDigit(page, digit);
    await page.locator("#clear").click();
    await expectDigit(page, "");
  }
});

test("the default network tells digits from letters and scribbles", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  for (const strokes of [W, STAR, R, HASH, SCRIBBLE]) {
    await draw(page, ...strokes);
    await expectNoDigit(page);
    await page.locator("#clear").click();
    await expect(page.locator("#winner")).toHaveAttribute("data-verdict", "");
  }
  for (const [digit, strokes] of DIGITS.entries()) {
    await draw(page, ...strokes);
    await expectDigit(page, digit);
    await page.locator("#clear").click();
    await expectDigit(page, "");
  }
});
