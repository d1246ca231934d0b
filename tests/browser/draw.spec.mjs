// Drawing, and what the page shows.

import { expect, test } from "@playwright/test";
import { DIGITS, ONE, SEVEN, draw, expectDigit, expectStrokes, open, waitForEngine } from "./inkling.mjs";

for (const backend of ["flex", "ndarray"]) {
  test(`a drawn seven is read as seven on ${backend}`, async ({ page }) => {
    await open(page, `?backend=${backend}`);
    await waitForEngine(page, backend);
    await draw(page, SEVEN);
    await expectDigit(page, 7);
    await expect(page.locator("#winner")).toHaveText("7");
    await expect(page.locator("#backend-why")).toContainText("You chose it");
    await expect(page.locator("#latency")).toContainText("ms");
  });
}

test("every digit is read as what it is", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  for (const [digit, strokes] of DIGITS.entries()) {
    await draw(page, ...strokes);
    await expectDigit(page, digit);
    await page.locator("#clear").click();
    await expectDigit(page, "");
  }
});

test("without a graphics card the CPU reads, and the page says why", async ({ page }) => {
  await open(page);
  await waitForEngine(page, "flex");
  await expect(page.locator("#backend-why")).toContainText(/WebGPU/);
  await expect(page.locator("#notice")).toBeHidden();
  await draw(page, ONE);
  await expectDigit(page, 1);
});

test("probabilities, the winner and the seen image belong together", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  const bars = page.locator(".bar[data-digit]");
  await expect(bars).toHaveCount(10);
  const probabilities = await bars.evaluateAll((bars) => bars.map((bar) => Number(bar.dataset.probability)));
  expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
  expect(probabilities.indexOf(Math.max(...probabilities))).toBe(7);
  const ink = await page.locator("#seen").evaluate((canvas) => {
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const values = Array.from({ length: width * height }, (_, i) => data[4 * i]);
    return { width, height, levels: new Set(values).size };
  });
  expect(ink).toMatchObject({ width: 28, height: 28 });
  expect(ink.levels).toBeGreaterThan(5);
});

test("a blank pad gets no guess", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await expectDigit(page, "");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await page.locator("#clear").click();
  await expectDigit(page, "");
  await expectStrokes(page, 0);
});

test("undo, redo, clear and the eraser", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await expect(page.locator("#undo")).toBeDisabled();
  await draw(page, ONE, [[0.1, 0.1], [0.2, 0.1]]);
  await expectStrokes(page, 2);
  await page.locator("#undo").click();
  await expectStrokes(page, 1);
  await page.locator("#redo").click();
  await expectStrokes(page, 2);
  await page.locator("#eraser").click();
  await draw(page, [[0.15, 0.05], [0.15, 0.15]]);
  await expectStrokes(page, 1);
  await expectDigit(page, 1);
  await page.locator("#clear").click();
  await expectStrokes(page, 0);
  await page.locator("#undo").click();
  await expectStrokes(page, 1);
});

test("the keyboard does what the buttons do", async ({ page }) => {
  await open(page, "?backend=flex");
  await draw(page, ONE, [[0.1, 0.1], [0.2, 0.1]]);
  await page.keyboard.press("Control+z");
  await expectStrokes(page, 1);
  await page.keyboard.press("Control+Shift+z");
  await expectStrokes(page, 2);
  await page.keyboard.press("e");
  await expect(page.locator("#eraser")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("p");
  await expect(page.locator("#pen")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Delete");
  await expectStrokes(page, 0);
});

test("ink drawn before an engine has loaded is read once it has", async ({ page }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/engine-flex_bg.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await open(page, "?backend=flex");
  await expect(page.locator("#progress")).toBeVisible();
  await draw(page, SEVEN);
  await expectStrokes(page, 1);
  await expectDigit(page, "");
  release();
  await expectDigit(page, 7);
  await expect(page.locator("#progress")).toBeHidden();
});

test("the newest drawing wins", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  for (let i = 0; i < 5; i++) {
    await draw(page, SEVEN);
    await page.locator("#clear").click();
  }
  await draw(page, ONE);
  await expectDigit(page, 1);
  await page.waitForTimeout(500);
  await expectDigit(page, 1);
});

test("a finger draws without scrolling, and a second finger does not disturb it", async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 3,
    serviceWorkers: "block",
    baseURL: test.info().project.use.baseURL,
  });
  const page = await context.newPage();
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  const box = await page.locator("#pad").boundingBox();
  const cdp = await context.newCDPSession(page);
  const point = ([x, y], id = 0) => ({ x: box.x + x * box.width, y: box.y + y * box.height, id });
  const touch = (type, ...touchPoints) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", point(SEVEN[0]));
  for (const to of SEVEN.slice(1, 3)) await touch("touchMove", point(to));
  await touch("touchStart", point(SEVEN[2]), point([0.9, 0.9], 1));
  await touch("touchMove", point(SEVEN[3]), point([0.1, 0.9], 1));
  // A touch point that is no longer listed has been lifted.
  await touch("touchMove", point(SEVEN[4]));
  await touch("touchEnd");
  await expectStrokes(page, 1);
  await expectDigit(page, 7);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await context.close();
});

test("a cancelled pointer leaves the pad usable", async ({ page }) => {
  await open(page, "?backend=flex");
  await page.locator("#pad canvas").evaluate((pad) => {
    const box = pad.getBoundingClientRect();
    const fire = (type, x, y) =>
      pad.dispatchEvent(
        new PointerEvent(type, {
          pointerId: 77,
          pointerType: "pen",
          pressure: 0.7,
          isPrimary: true,
          button: 0,
          buttons: 1,
          bubbles: true,
          cancelable: true,
          clientX: box.x + x * box.width,
          clientY: box.y + y * box.height,
        }),
      );
    fire("pointerdown", 0.2, 0.2);
    fire("pointermove", 0.3, 0.3);
    fire("pointercancel", 0.3, 0.3);
  });
  await draw(page, ONE);
  await expectStrokes(page, 2);
});

test("the drawing survives a change of window size", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await page.setViewportSize({ width: 400, height: 800 });
  await expectStrokes(page, 1);
  await draw(page, [[0.05, 0.95], [0.06, 0.96]]);
  await expectStrokes(page, 2);
  await page.locator("#undo").click();
  await expectDigit(page, 7);
});

test("the menu changes the backend and the address, and keeps the drawing", async ({ page }) => {
  await open(page);
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await page.locator("#backend-menu").selectOption("ndarray");
  await waitForEngine(page, "ndarray");
  expect(new URL(page.url()).searchParams.get("backend")).toBe("ndarray");
  await expectDigit(page, 7);
  await page.locator("#backend-menu").selectOption("auto");
  await waitForEngine(page, "flex");
  expect(new URL(page.url()).searchParams.has("backend")).toBe(false);
});

test("an unknown backend in the address is named, and the choice is automatic", async ({ page }) => {
  await open(page, "?backend=quantum");
  await expect(page.locator("#notice-text")).toContainText("webgpu");
  await waitForEngine(page, "flex");
});
