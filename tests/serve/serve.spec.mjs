// The README's first command in a new clone, and plain `trunk serve` in one where nothing was made by hand.

import { expect, test } from "@playwright/test";
import { Serving, changeStyle, clean, newClone, processesIn, remove } from "../../scripts/serving.mjs";
import { SEVEN, draw, expectDigit } from "../browser/inkling.mjs";

const BUILD_MS = 30 * 60_000;

let clone;
let serving;

test.beforeAll(() => {
  clone = newClone();
});

test.afterEach(async () => {
  await serving?.end();
});

test.afterAll(() => remove(clone));

async function readADigit(page) {
  await page.goto(serving.url);
  await expect(page.locator("#pad")).toBeVisible();
  await draw(page, SEVEN);
  await expectDigit(page, 7);
}

test("make serve in a new clone: a digit is read, a changed style arrives, and nothing is left running", async ({ page }) => {
  serving = await Serving.start(clone, (port) => ["make", "serve", `ARGS=--port ${port}`]);
  await serving.answers(BUILD_MS);
  await readADigit(page);

  // The engine that is built last, so it can't be there yet.
  await page.goto(`${serving.url}?backend=ndarray`);
  await expect(page.locator("#backend-why")).toContainText("is still being built");
  await expect(page.locator("#backend")).toHaveAttribute("data-backend", "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);

  await changeStyle(clone, page);

  await serving.end();
  expect(processesIn(clone)).toEqual([]);
  await expect(fetch(serving.url)).rejects.toThrow();
});

test("plain trunk serve in a clone without npm packages", async ({ page }) => {
  clean(clone);
  serving = await Serving.start(clone, (port) => ["trunk", "serve", "--port", String(port)]);
  await serving.answers(BUILD_MS);
  await readADigit(page);
});
