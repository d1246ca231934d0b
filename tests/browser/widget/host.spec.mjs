// All kinds of pages: other origins, strict policies, frames, dialogs, shadow roots, and hostile styles.

import { expect, test } from "@playwright/test";
import { SEVEN } from "../inkling.mjs";
import { ELSEWHERE, HERE, PAGES, address, expectValue, expectWorkers, heard, show, write } from "./pad.mjs";

const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
/** The policy that the README asks a page to allow. */
const policy = (host, worker) =>
  `default-src 'none'; script-src ${host} 'wasm-unsafe-eval'; connect-src ${host}; worker-src ${worker}; base-uri 'none'`;

async function expectItReads(page, pad = page.locator("inkling-pad")) {
  await write(pad, [SEVEN]);
  await expectValue(pad, "7");
}

for (const isolated of [false, true]) {
  for (const strict of [false, true]) {
    test(`another origin${isolated ? ", cross-origin isolated" : ""}${strict ? ", strict policy" : ""}`, async ({ page }) => {
      const headers = { ...(isolated && ISOLATION), ...(strict && { "content-security-policy": policy(ELSEWHERE, "blob:") }) };
      const violations = [];
      page.on("console", (message) => message.type() === "error" && violations.push(message.text()));
      const { errors, requests } = await show(page, "<inkling-pad></inkling-pad>", { widget: ELSEWHERE, headers });
      await expectItReads(page);
      expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(isolated);
      const elsewhere = requests.filter((url) => !url.startsWith(ELSEWHERE) && !url.startsWith("blob:") && !url.startsWith(`${PAGES}/page`));
      expect(elsewhere.filter((url) => !url.endsWith("/favicon.ico"))).toEqual([]);
      expect(violations.filter((text) => !text.includes("404"))).toEqual([]);
      expect(errors).toEqual([]);
      await page.locator("inkling-pad").evaluate((pad) => pad.remove());
      await expectWorkers(page, 0);
    });
  }
}

test("the page's own origin under a strict policy", async ({ page }) => {
  const headers = { "content-security-policy": policy("'self'", "'self'") };
  const { warnings } = await show(page, "<inkling-pad></inkling-pad>", { headers });
  await expectItReads(page);
  expect(warnings).toEqual([]);
});

test("the page's own origin, cross-origin isolated", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>", { widget: `${PAGES}/isolated/widget`, headers: ISOLATION });
  await expectItReads(page);
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
});

for (const widget of [HERE, ELSEWHERE]) {
  test(`Trusted Types are required, with the package at ${widget}`, async ({ page }) => {
    const headers = { "content-security-policy": "require-trusted-types-for 'script'; trusted-types inkling" };
    await show(page, "<inkling-pad></inkling-pad>", { headers, widget });
    await expectItReads(page, page.locator("inkling-pad"));
  });
}

test("a sandboxed frame", async ({ page }) => {
  const inner = address('<form><inkling-pad name="n"></inkling-pad></form>', { widget: ELSEWHERE });
  await page.goto(`${PAGES}/page?${new URLSearchParams({ html: `<iframe sandbox="allow-scripts allow-forms" width="600" height="500" src="${inner.replaceAll("&", "&amp;")}"></iframe>` })}`);
  const pad = page.frameLocator("iframe").locator("inkling-pad");
  await expect(pad.locator("canvas")).toBeVisible();
  await expectItReads(page, pad);
});

const RESET = `
  * { all: unset; box-sizing: content-box !important; margin: 0; padding: 0; font: 3px/1 serif; color: red; line-height: 0; }
  canvas, input, button, svg { display: none !important; width: 1px; max-width: 1px; }
  script, style, head, title { display: none; }
  body, main { display: block; }`;

test("a page with its own CSS reset", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>", { head: `<style>${RESET}</style>` });
  const box = await page.locator("inkling-pad canvas").boundingBox();
  expect(box.width).toBeGreaterThan(150);
  expect(box.height).toBeGreaterThan(150);
  await expect(page.locator("inkling-pad input")).toBeVisible();
  await expectItReads(page);
});

test("custom properties and parts style it", async ({ page }) => {
  const head = `<style>
    inkling-pad { --inkling-width: 300px; --inkling-sheet: rgb(1, 2, 3); --inkling-radius: 0px; }
    inkling-pad::part(input) { letter-spacing: 7px; }
    inkling-pad::part(clear) { display: none; }</style>`;
  await show(page, "<inkling-pad></inkling-pad>", { head });
  const pad = page.locator("inkling-pad");
  await expect(pad.locator('[part~="surface"]')).toHaveCSS("background-color", "rgb(1, 2, 3)");
  await expect(pad.locator('[part~="surface"]')).toHaveCSS("border-radius", "0px");
  expect((await pad.boundingBox()).width).toBe(300);
  await expect(pad.locator("input")).toHaveCSS("letter-spacing", "7px");
  await expect(pad.locator('[part~="clear"]')).toBeHidden();
});

test("a dialog", async ({ page }) => {
  const { requests } = await show(page, "<dialog><form method=dialog><inkling-pad name=n autofocus></inkling-pad></form></dialog>");
  await page.waitForTimeout(300);
  expect(requests.filter((url) => url.includes("engine"))).toEqual([]);
  await page.evaluate(() => document.querySelector("dialog").showModal());
  await expect(page.locator("inkling-pad input")).toBeFocused();
  await expectItReads(page);
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog")).toBeHidden();
  expect(await page.locator("inkling-pad").evaluate(({ value }) => value)).toBe("7");
});

test("a shadow root", async ({ page }) => {
  await show(page, "<my-host></my-host>");
  await page.evaluate(() => {
    const root = document.querySelector("my-host").attachShadow({ mode: "open" });
    root.innerHTML = '<form><label for="n">Number</label><p id="why">Why</p><inkling-pad id="n" name="n" aria-describedby="why"></inkling-pad></form>';
  });
  await expectItReads(page);
  expect(await page.locator("form").evaluate((form) => new FormData(form).get("n"))).toBe("7");
  // Only composed events leave a shadow root.
  expect(await page.evaluate(() => globalThis.heard)).toEqual([]);
  await page.getByText("Number").click();
  await expect(page.getByRole("textbox", { name: "Number" })).toBeFocused();
});

test("events cross a shadow root", async ({ page }) => {
  await show(page, "<my-host></my-host>");
  await page.evaluate(() => {
    globalThis.types = new Set();
    for (const type of ["input", "inkling-ready", "inkling-prediction", "inkling-ink"]) {
      document.addEventListener(type, (event) => globalThis.types.add(`${type} of ${event.target.localName}`));
    }
    document.querySelector("my-host").attachShadow({ mode: "open" }).innerHTML = "<inkling-pad></inkling-pad>";
  });
  await expectItReads(page);
  const types = await page.evaluate(() => [...globalThis.types].sort());
  expect(types).toEqual(["inkling-ink", "inkling-prediction", "inkling-ready", "input"].map((type) => `${type} of my-host`));
});

test("a page with a <base> elsewhere", async ({ page }) => {
  await show(page, "<inkling-pad></inkling-pad>", { head: '<base href="http://127.0.0.1:9/nowhere/">' });
  await expectItReads(page);
});

test("src: the weights may be elsewhere", async ({ page }) => {
  const { requests } = await show(page, '<inkling-pad loading="manual"></inkling-pad>');
  const folder = await page.evaluate(async (widget) => {
    const text = await (await fetch(`${widget}/inkling-pad.js`)).text();
    return text.match(/\.\/([0-9a-f]{12})\//)[1];
  }, HERE);
  await page.locator("inkling-pad").evaluate((pad, src) => {
    pad.src = src;
    pad.loading = "lazy";
  }, `${ELSEWHERE}/${folder}/weights`);
  await expectItReads(page);
  expect(requests.filter((url) => url.endsWith(".safetensors")).every((url) => url.startsWith(ELSEWHERE))).toBe(true);
  expect(await heard(page, "inkling-error")).toEqual([]);
});
