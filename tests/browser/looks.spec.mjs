// Layout, accessibility, and screenshots for checking both by eye.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { SEVEN, draw, expectDigit, open, waitForEngine } from "./inkling.mjs";

const SIZES = [
  [360, 740],
  [740, 360],
  [768, 1024],
  [1280, 800],
  [2560, 1440],
];

for (const [width, height] of SIZES) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${width}×${height}, ${colorScheme}`, async ({ page }, info) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open(page, "?backend=flex");
      await waitForEngine(page, "flex");
      await draw(page, SEVEN);
      await expectDigit(page, 7);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await expect(page.locator("#winner")).toBeInViewport();
      await page.screenshot({ path: info.outputPath("page.png") });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    });
  }
}

test("the reading is announced to a screen reader once the pen rests", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expect(page.locator("#live")).toContainText("7");
});

test("every control can be reached with the keyboard", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  const reached = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.id));
  }
  for (const id of ["pen", "eraser", "undo", "clear", "backend-menu"]) {
    expect(reached, `${id} by Tab`).toContain(id);
  }
});
