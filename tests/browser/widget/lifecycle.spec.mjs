// When the engine is loaded, which pads share it, and that it ends with the last pad.

import { expect, test } from "@playwright/test";
import { DIGITS, SEVEN } from "../inkling.mjs";
import { expectValue, expectWorkers, heard, show, write } from "./pad.mjs";

const isLater = (url) => /\/[0-9a-f]{12}\//.test(url);
const FAR = '<div style="height: 5000px"></div>';

test("lazy: only the entry is fetched until the pad is visible", async ({ page }) => {
  const { requests } = await show(page, `${FAR}<inkling-pad></inkling-pad>`);
  await page.waitForFunction(() => customElements.get("inkling-pad"));
  await page.waitForTimeout(500);
  expect(requests.filter(isLater)).toEqual([]);
  expect(requests.filter((url) => url.includes("/widget/"))).toHaveLength(1);
  await page.locator("inkling-pad").scrollIntoViewIfNeeded();
  await expect.poll(() => requests.filter(isLater).length).toBeGreaterThan(4);
});

test("eager: the engine is loaded even if the pad isn't visible", async ({ page }) => {
  await show(page, `${FAR}<inkling-pad loading="eager"></inkling-pad>`);
  await expect.poll(() => heard(page, "inkling-ready")).not.toHaveLength(0);
});

test("manual: only recognize() loads it", async ({ page }) => {
  const { requests } = await show(page, '<inkling-pad loading="manual"></inkling-pad>');
  await page.locator("inkling-pad input").focus();
  await write(page.locator("inkling-pad"), [SEVEN]);
  await page.waitForTimeout(500);
  expect(requests.filter(isLater)).toEqual([]);
});

test("several pads share one engine, and each gets its own answer", async ({ page }) => {
  const { requests } = await show(page, [3, 4, 7].map((digit) => `<inkling-pad id="p${digit}" backend="flex"></inkling-pad>`).join(""));
  for (const digit of [3, 4, 7]) await write(page.locator(`#p${digit}`), DIGITS[digit]);
  for (const digit of [3, 4, 7]) await expectValue(page.locator(`#p${digit}`), String(digit));
  expect(page.workers()).toHaveLength(1);
  expect(requests.filter((url) => url.endsWith("reader_bg.wasm"))).toHaveLength(1);
  expect(requests.filter((url) => url.includes("/weights/pen-"))).toHaveLength(1);
  expect((await heard(page, "inkling-ready")).map(({ id }) => id).sort()).toEqual(["p3", "p4", "p7"]);
});

test("pads with different settings have their own engines", async ({ page }) => {
  await show(page, '<inkling-pad id="a" backend="flex"></inkling-pad><inkling-pad id="b" backend="ndarray"></inkling-pad>');
  for (const id of ["a", "b"]) {
    await write(page.locator(`#${id}`), [SEVEN]);
    await expectValue(page.locator(`#${id}`), "7");
  }
  await expectWorkers(page, 2);
  await page.locator("#a").evaluate((pad) => pad.remove());
  await expectWorkers(page, 1);
});

test("the worker ends with the last pad, and a new pad starts another", async ({ page }) => {
  const { errors } = await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  for (let round = 0; round < 3; round++) {
    const pad = page.locator("inkling-pad");
    await write(pad, [SEVEN]);
    await expectValue(pad, "7");
    await expectWorkers(page, 1);
    await pad.evaluate((pad) => pad.remove());
    await expectWorkers(page, 0);
    await page.evaluate(() => {
      const pad = document.createElement("inkling-pad");
      pad.backend = "flex";
      document.querySelector("main").append(pad);
    });
  }
  expect(errors).toEqual([]);
});

test("a pad that is moved keeps ink, value and engine", async ({ page }) => {
  await show(page, '<inkling-pad backend="flex"></inkling-pad><section></section>');
  const pad = page.locator("inkling-pad");
  await write(pad, [SEVEN]);
  await expectValue(pad, "7");
  const [worker] = page.workers();
  await page.evaluate(() => document.querySelector("section").append(document.querySelector("inkling-pad")));
  await expectValue(pad, "7");
  expect(await pad.evaluate(({ strokes }) => strokes.length)).toBe(1);
  await page.waitForTimeout(1000);
  expect(page.workers()).toEqual([worker]);
  await pad.evaluate((pad) => pad.clear());
  await write(pad, DIGITS[3]);
  await expectValue(pad, "3");
});

test("a pad that is removed works again when it is added back", async ({ page }) => {
  await show(page, '<inkling-pad backend="flex"></inkling-pad>');
  const pad = page.locator("inkling-pad");
  await write(pad, [SEVEN]);
  await expectValue(pad, "7");
  await pad.evaluate((pad) => {
    globalThis.kept = pad;
    pad.remove();
  });
  await expectWorkers(page, 0);
  await page.evaluate(() => document.querySelector("main").append(globalThis.kept));
  await expectValue(pad, "7");
  await pad.evaluate((pad) => pad.clear());
  await write(pad, DIGITS[4]);
  await expectValue(pad, "4");
});

test("the script may be loaded twice", async ({ page }) => {
  const { errors } = await show(page, "<inkling-pad></inkling-pad>", {
    head: '<script type="module" src="http://127.0.0.1:4181/inkling-pad.js"></script>',
  });
  await write(page.locator("inkling-pad"), [SEVEN]);
  await expectValue(page.locator("inkling-pad"), "7");
  expect(errors).toEqual([]);
});
