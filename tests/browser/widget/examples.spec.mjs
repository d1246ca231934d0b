// Uses every example like a person would.

import { expect, test } from "@playwright/test";
import { expectValue, writeNumber } from "./pad.mjs";

const open = (page, name) => page.goto(`http://127.0.0.1:4180/${name}/`);
const pad = (page) => page.locator("inkling-pad").first();

test("plain", async ({ page }) => {
  await open(page, "plain");
  await writeNumber(pad(page), "1984");
  await expect(page.locator("output")).toContainText("1984: 1 (");
});

test("form", async ({ page }) => {
  await open(page, "form");
  await page.getByLabel("Name").fill("Ada");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveTitle("A form with handwriting fields");
  await writeNumber(pad(page), "271828");
  await expectValue(pad(page), "271828");
  await page.getByRole("textbox", { name: "Pieces" }).fill("3");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveTitle("What came");
  await expect(page.locator("dl")).toHaveText("nameAdacode271828pieces3");
});

for (const framework of ["react", "vue", "svelte"]) {
  test(framework, async ({ page }) => {
    const errors = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await open(page, framework);
    await writeNumber(pad(page), "4271");
    await expect(page.locator("output")).toHaveText("4271");
    await expect(page.getByText(/^Read in/)).toBeVisible();
    await expectValue(pad(page), "4271");
    await page.getByRole("button", { name: "Clear" }).last().click();
    await expect(page.locator("output")).toHaveText("");
    await expectValue(pad(page), "");
    expect(await pad(page).evaluate(({ strokes }) => strokes)).toEqual([]);
    expect(errors).toEqual([]);
  });
}

test("cross-origin", async ({ page }) => {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await open(page, "cross-origin");
  await writeNumber(pad(page), "42");
  await expectValue(pad(page), "42");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveURL(/table=42/);
  expect(errors.filter((text) => !text.includes("favicon") && !text.includes("404"))).toEqual([]);
});

test.describe("with service workers", () => {
  test.use({ serviceWorkers: "allow" });

  test("offline", async ({ page, context }) => {
    await open(page, "offline");
    await expect(page.locator("#kept")).toContainText("without a network");
    await context.setOffline(true);
    await page.reload();
    await writeNumber(pad(page), "31");
    await expectValue(pad(page), "31");
  });
});
