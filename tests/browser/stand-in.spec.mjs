// What `trunk serve` puts in the place of a script that it is still building, here in front of the real one.

import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { SEVEN, draw, expectDigit, open, waitForEngine } from "./inkling.mjs";

/** Serves a stand-in for a script until the function that this returns is called. */
async function replace(page, script, standIn = "stand-in") {
  let isBuilt = false;
  const body = readFileSync(`web/${standIn}.js`, "utf8");
  await page.route(new RegExp(`/${script}\\.js`), (route) =>
    isBuilt ? route.continue() : route.fulfill({ body, contentType: "text/javascript" }),
  );
  return () => {
    isBuilt = true;
  };
}

test("while an engine is being built the CPU answers, and then that engine takes over", async ({ page }) => {
  const build = await replace(page, "engine-ndarray");
  await open(page, "?backend=ndarray");
  await waitForEngine(page, "flex");
  await expect(page.locator("#backend-why")).toHaveText(/^The CPU \(ndarray\) engine is still being built\./);
  await draw(page, SEVEN);
  await expectDigit(page, 7);

  build();
  await waitForEngine(page, "ndarray");
  await expect(page.locator("#backend-why")).toHaveText("You chose it.");
  await expectDigit(page, 7);
});

test("an engine that could not be built is reported, and the CPU is used", async ({ page }) => {
  await replace(page, "engine-ndarray", "not-built");
  await open(page, "?backend=ndarray");
  await expect(page.locator("#notice-text")).toContainText("its build failed");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
});

test("the pages about networks open once they are built", async ({ page }) => {
  const build = await replace(page, "catalogue");
  const networks = page.locator(".sizes a.mark");
  await page.goto("./#models");
  await expect(page.locator("#models-heading")).toBeVisible();
  await expect(networks).toHaveCount(0);
  build();
  await expect(networks.first()).toBeVisible();
});
