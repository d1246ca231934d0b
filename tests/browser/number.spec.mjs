// Numbers of several digits on the wide pad.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { DIGITS, ONE, draw, expectDigit, expectStrokes, open, waitForEngine } from "./inkling.mjs";

/** A digit's strokes in a box that begins at `left` and is `width` wide, in fractions of the wide pad. */
function placed(digit, left, width) {
  const place = ([x, y]) => [left + x * width, 0.12 + 0.76 * y];
  return DIGITS[digit].map((stroke) => stroke.map(place));
}

/** Strokes of a whole number, one digit after the other. */
const strokesOf = (number, pitch = 0.22) =>
  [...number].flatMap((digit, i) => placed(Number(digit), 0.02 + i * pitch, pitch + 0.04));

const number = (page) => page.locator("#number");
const expectNumber = (page, text) => expect(number(page)).toHaveAttribute("data-number", text, { timeout: 60_000 });

async function openPad(page) {
  await open(page, "?backend=flex#number");
  await waitForEngine(page, "flex");
}

test("2026 is read digit by digit, each with its confidence", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("2026"));
  await expectNumber(page, "2026");
  await expect(number(page)).toHaveText("2026");
  const figures = page.locator(".figure");
  await expect(figures).toHaveCount(4);
  for (const figure of await figures.all()) await expect(figure).toHaveText(/^\d\d?\d?\d%$/);
  // A screen reader says digits, not thousands.
  await expect(page.locator("#live")).toContainText("2 0 2 6");
  await expect(page.locator("#pad")).toHaveAttribute("aria-label", /Read as 2026/);
});

test("crossed digits are one digit each, and a bar may come later", async ({ page }) => {
  await openPad(page);
  const [four, five] = [placed(4, 0.02, 0.26), placed(5, 0.26, 0.26)];
  await draw(page, ...four, five[0], ...placed(7, 0.5, 0.26), five[1]);
  await expectNumber(page, "457");
});

test("digits are joined and split by hand, and corrections are undone", async ({ page }) => {
  await openPad(page);
  await draw(page, ...placed(1, 0.1, 0.2), ...placed(4, 0.4, 0.26), ...placed(7, 0.7, 0.26));
  await expectNumber(page, "147");
  await page.getByRole("button", { name: "Join 1 and 4" }).click();
  await expect(page.locator(".figure")).toHaveCount(2);
  await expect(number(page)).toHaveAttribute("data-number", /^.7$/);
  await page.locator(".figure").first().click();
  await page.locator(".split").click();
  await expect(page.locator(".figure")).toHaveCount(3);

  await page.locator(".regroup").click();
  await expectNumber(page, "147");
  await expect(page.locator(".regroup")).toBeHidden();
  await page.locator(".figure").nth(1).click();
  await page.locator(".split").click();
  await expect(page.locator(".figure"), "the strokes of the four").toHaveCount(4);
  await page.locator(".regroup").click();
  await expectNumber(page, "147");
});

test("digits are joined with the keyboard alone", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("17", 0.4));
  await expectNumber(page, "17");
  await page.locator(".joint").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".figure")).toHaveCount(1);
});

test("undo, redo, clear and the eraser change the number", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("261"));
  await expectNumber(page, "261");
  await page.locator("#undo").click();
  await expectNumber(page, "26");
  await page.locator("#redo").click();
  await expectNumber(page, "261");
  await page.locator("#eraser").click();
  await draw(page, [[0.04, 0.6], [0.25, 0.6]]);
  await expectNumber(page, "61");
  await page.locator("#clear").click();
  await expectNumber(page, "");
  await expect(page.locator(".figure")).toHaveCount(0);
});

test("a digit's alternatives are shown when it gets the focus", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("27", 0.4));
  await expectNumber(page, "27");
  for (const [place, digit] of [[1, 7], [0, 2]]) {
    await page.locator(".figure").nth(place).focus();
    await expect(page.locator(".looked-at")).toContainText(`Digit ${place + 1} of 2`);
    await expectDigit(page, digit);
    await expect(page.locator(`.bar[data-digit="${digit}"]`)).toHaveClass(/wins/);
  }
});

test("a dot isn't a digit of a number", async ({ page }) => {
  await openPad(page);
  await draw(page, ...placed(7, 0.1, 0.26), [[0.8, 0.5], [0.8, 0.5]]);
  await expectNumber(page, "7?");
  await expect(page.locator('.figure[data-kind="none"]')).toHaveCount(1);
  await expect(page.locator("#live")).toContainText("Digit 2 is doubtful");
});

test("each pad keeps its drawing, and a reload keeps the page", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("27", 0.4));
  await expectNumber(page, "27");
  await page.getByRole("link", { name: "Draw" }).click();
  await expectStrokes(page, 0);
  await draw(page, ONE);
  await expectDigit(page, 1);
  await page.getByRole("link", { name: "Number" }).click();
  await expectNumber(page, "27");
  await page.reload();
  await expect(page.getByRole("link", { name: "Number" })).toHaveAttribute("aria-current", "page");
  await expect(page.locator(".groups")).toBeVisible();
});

test("the number survives the engine that reads it", async ({ page }) => {
  await openPad(page);
  await draw(page, ...strokesOf("27"));
  await expectNumber(page, "27");
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error("broken on purpose");
    });
  });
  await expect(page.locator("#notice-text")).toContainText("Your drawing is kept");
  await expectNumber(page, "27");
  await draw(page, ...placed(1, 0.6, 0.26));
  await expectNumber(page, "271");
});

test("a number can be copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPad(page);
  await draw(page, ...strokesOf("2026"));
  await expectNumber(page, "2026");
  await page.locator(".copy").click();
  await expect(page.locator(".copy")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("2026");
});

for (const [width, height] of [[360, 740], [740, 360], [1280, 800], [2560, 1440]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the wide pad at ${width}×${height}, ${colorScheme}`, async ({ page }, info) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await openPad(page);
      await draw(page, ...strokesOf("20261947", 0.12));
      await expectNumber(page, "20261947");
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      const [pad, strip] = [await page.locator("#pad").boundingBox(), await page.locator(".groups").boundingBox()];
      expect(pad.y + pad.height, "the whole pad is visible").toBeLessThanOrEqual(height);
      expect(strip.width).toBeCloseTo(pad.width, 0);
      await page.screenshot({ path: info.outputPath("page.png"), fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    });
  }
}
