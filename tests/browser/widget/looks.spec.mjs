// The element's accessibility, in light and dark, and its layout at unusual sizes.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { SEVEN } from "../inkling.mjs";
import { expectValue, show, write } from "./pad.mjs";

const STATES = `<h1>Test</h1>
  <label for="a">Empty</label><inkling-pad id="a"></inkling-pad>
  <label for="b">Filled</label><inkling-pad id="b" digits="4" value="1234"></inkling-pad>
  <label for="c">Disabled</label><inkling-pad id="c" digits="2" disabled></inkling-pad>
  <label for="d">Fixed</label><inkling-pad id="d" digits="12" value="123" readonly></inkling-pad>
  <inkling-pad id="e" aria-label="Alone" plain style="block-size: 10rem"></inkling-pad>`;

for (const theme of ["light", "dark"]) {
  for (const how of ["the system", "the attribute"]) {
    test(`${theme} by ${how}`, async ({ page }, info) => {
      const isSystem = how === "the system";
      await page.emulateMedia({ colorScheme: isSystem ? theme : theme === "light" ? "dark" : "light" });
      const head = isSystem
        ? '<style>:root { color-scheme: light dark } body { background: Canvas; color: CanvasText }</style>'
        : `<style>body { ${theme === "dark" ? "background: #111; color: #eee" : ""} }</style>`;
      await show(page, isSystem ? STATES : STATES.replaceAll("<inkling-pad", `<inkling-pad theme="${theme}"`), { head });
      await write(page.locator("#a"), [SEVEN]);
      await expectValue(page.locator("#a"), "7");
      const sheet = await page.locator('#a [part~="surface"]').evaluate((surface) => getComputedStyle(surface).backgroundColor);
      const lightness = Math.max(...sheet.match(/\d+/g).slice(0, 3).map(Number));
      if (theme === "dark") expect(lightness).toBeLessThan(100);
      else expect(lightness).toBeGreaterThan(200);
      await page.screenshot({ path: info.outputPath("pads.png"), fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    });
  }
}

test("a column narrower than the pad", async ({ page }) => {
  await show(page, '<div style="inline-size: 150px"><inkling-pad digits="12"></inkling-pad></div>');
  const { width } = await page.locator("inkling-pad").boundingBox();
  expect(width).toBeLessThanOrEqual(150);
  await expect(page.locator("inkling-pad input")).toBeVisible();
});

test("screen readers announce the reading", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>");
  await write(page.locator("inkling-pad"), [SEVEN]);
  await expect(page.locator("inkling-pad").getByRole("status")).toContainText("7");
});

test("from right to left", async ({ page }) => {
  await show(page, '<div dir="rtl"><inkling-pad digits="2"></inkling-pad></div>');
  const field = await page.locator("inkling-pad input").boundingBox();
  const buttons = await page.locator('inkling-pad [part~="buttons"]').boundingBox();
  expect(buttons.x).toBeLessThan(field.x);
});
