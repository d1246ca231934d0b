// Pointer events on a pad: which become ink. Tested on the app's own pad, which is the element without its field.

import { expect, test } from "@playwright/test";
import { open } from "../inkling.mjs";

/** Sends pointer events `[type, x, y, changes]` to the pad, with x and y in its units, and returns its strokes. */
function point(page, events) {
  return page.locator("#pad").evaluate((pad, events) => {
    const canvas = pad.shadowRoot.querySelector("canvas");
    const box = canvas.getBoundingClientRect();
    for (const [type, x, y, changes] of events) {
      const init = { pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, pressure: 0.5, bubbles: true, cancelable: true };
      const place = { clientX: box.x + (x * box.height) / 1000, clientY: box.y + (y * box.height) / 1000 };
      canvas.dispatchEvent(new PointerEvent(`pointer${type}`, { ...init, ...place, ...changes }));
    }
    return pad.strokes;
  }, events);
}

test.beforeEach(({ page }) => open(page, "?backend=flex"));

test("a slow pen keeps its last point, and a resting pen adds none", async ({ page }) => {
  const slowly = Array.from({ length: 10 }, (_, i) => ["move", 500.6 + 0.6 * i, 500]);
  const resting = Array.from({ length: 100 }, () => ["move", 506, 500]);
  const [stroke] = await point(page, [["down", 500, 500], ...slowly, ...resting, ["up", 506, 500]]);
  expect(stroke).toHaveLength(11);
  expect(Math.abs(stroke.at(-1)[0] - 506)).toBeLessThan(0.1);
});

test("a second finger doesn't affect the stroke", async ({ page }) => {
  const other = { pointerId: 2 };
  const strokes = await point(page, [
    ["down", 100, 100],
    ["down", 900, 900, other],
    ["move", 800, 800, other],
    ["up", 800, 800, other],
    ["move", 200, 100],
  ]);
  expect(strokes.map((stroke) => stroke.length)).toEqual([2]);
});

test("ink follows pressure and stays on the pad", async ({ page }) => {
  const press = (pressure) => ({ pointerType: "pen", pressure });
  const moves = Array.from({ length: 20 }, (_, i) => ["move", 160 + 60 * i, 500, press(1)]);
  const [pen] = await point(page, [["down", 100, 500, press(0.1)], ...moves, ["up", 1300, 500, press(0)]]);
  expect(pen[0][2]).toBeLessThan(38);
  expect(pen.at(-1)[2]).toBeGreaterThan(1.5 * 38);
  expect(Math.max(...pen.map(([x]) => x))).toBeLessThanOrEqual(1000.1);
  const [, mouse] = await point(page, [["down", 100, 800], ["move", 300, 800], ["up", 300, 800]]);
  expect(mouse.map(([, , radius]) => radius)).toEqual([38, 38]);
});

test("the eraser removes whole strokes even in a quick sweep, by button and by the eraser end of a pen", async ({ page }) => {
  const line = [["down", 500, 200], ["move", 500, 800], ["up", 500, 800]];
  expect(await point(page, line)).toHaveLength(1);
  await page.locator("#eraser").click();
  expect(await point(page, [["down", 10, 500]])).toHaveLength(1);
  expect(await point(page, [["move", 990, 500], ["up", 990, 500]])).toHaveLength(0);
  await page.locator("#undo").click();
  await expect(page.locator("#pad")).toHaveAttribute("data-strokes", "1");
  await page.locator("#pen").click();
  const end = { pointerType: "pen", button: 5, buttons: 32 };
  expect(await point(page, [["down", 500, 500, end], ["up", 500, 500, end]])).toHaveLength(0);
});

test("undo and redo do nothing while the pen is down", async ({ page }) => {
  await point(page, [["down", 100, 100], ["move", 200, 100], ["up", 200, 100], ["down", 300, 300]]);
  for (const key of ["Control+z", "Control+y", "Delete"]) await page.keyboard.press(key);
  expect(await point(page, [["move", 400, 300], ["up", 400, 300]])).toHaveLength(2);
});
