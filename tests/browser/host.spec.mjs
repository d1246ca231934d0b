// What a static host has to serve, and what the page never requests.

import { expect, test } from "@playwright/test";
import { SEVEN, draw, expectDigit, open, waitForEngine } from "./inkling.mjs";

test("nothing is fetched but the page's own files, and the policy is strict", async ({ page, baseURL }) => {
  const elsewhere = [];
  const violations = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL) && !/^(blob|data):/.test(url)) elsewhere.push(url);
  });
  page.on("console", (message) => {
    if (message.type() === "error") violations.push(message.text());
  });
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  expect(elsewhere).toEqual([]);
  expect(violations).toEqual([]);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe-inline");
  const refused = await page.evaluate(async () => {
    const answer = fetch("http://127.0.0.1:9/").then(() => "answered", () => "refused");
    return answer;
  });
  expect(refused).toBe("refused");
});

test("the page paints and takes ink before the app's engine or weights arrive", async ({ page }) => {
  const never = () => new Promise(() => {});
  await page.route("**/engine-*", never);
  await page.route("**/weights/**", never);
  await open(page);
  await draw(page, SEVEN);
  await expect(page.locator("#pad")).toHaveAttribute("data-strokes", "1");
});

test("a page whose own wasm cannot be loaded says so", async ({ page }) => {
  await page.route("**/inkling-app-*.wasm", (route) => route.abort());
  await page.goto("./");
  await expect(page.locator("#boot-error")).toBeVisible();
  await expect(page.locator("#boot-error")).toContainText("Reload the page");
});

test("works offline after the first visit", async ({ browser }) => {
  const context = await browser.newContext({
    serviceWorkers: "allow",
    baseURL: test.info().project.use.baseURL,
  });
  const page = await context.newPage();
  await open(page);
  await waitForEngine(page, "flex");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await context.close();
});
