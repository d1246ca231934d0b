// When things go wrong, the page says so in a sentence, keeps the drawing, and offers a way out.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { defaultEntry, manifest } from "./engine.mjs";
import { SEVEN, draw, expectDigit, expectStrokes, open, prepareWorker, waitForEngine } from "./inkling.mjs";

const WEIGHTS = "**/weights/*.safetensors";
const MANIFEST = "**/weights/manifest.json";

const weights = () => readFileSync(`dist/weights/${defaultEntry().file}`);
const notice = (page) => page.locator("#notice-text");

/** The page says `text`, keeps the drawing, and reads it when it tries again after the trouble is over. */
async function expectTroubleThenRecovery(page, pattern, text) {
  await open(page, "?backend=flex");
  await draw(page, SEVEN);
  await expect(notice(page)).toContainText(text);
  await expect(notice(page)).toContainText("Your drawing is kept");
  await expectStrokes(page, 1);
  await page.unroute(pattern);
  await page.locator("#retry").click();
  await expectDigit(page, 7);
  await expect(page.locator("#notice")).toBeHidden();
}

/** Serves weights changed by `change`, with a manifest that has their checksum and length. */
async function serveTampered(page, change) {
  const body = change(weights());
  const changed = manifest();
  defaultEntry(changed).bytes = body.length;
  defaultEntry(changed).sha256 = createHash("sha256").update(body).digest("hex");
  await page.route(MANIFEST, (route) => route.fulfill({ json: changed }));
  await page.route(WEIGHTS, (route) => route.fulfill({ body }));
}

test("weights that are missing", async ({ page }) => {
  await page.route(WEIGHTS, (route) => route.fulfill({ status: 404, body: "not found" }));
  await expectTroubleThenRecovery(page, WEIGHTS, "the server answered 404");
});

test("weights that are cut short", async ({ page }) => {
  const body = weights().subarray(0, 40_000);
  await page.route(WEIGHTS, (route) => route.fulfill({ body }));
  await expectTroubleThenRecovery(page, WEIGHTS, "40000 bytes long");
});

test("weights with a wrong checksum", async ({ page }) => {
  const body = weights();
  body[body.length - 5] ^= 1;
  await page.route(WEIGHTS, (route) => route.fulfill({ body }));
  await expectTroubleThenRecovery(page, WEIGHTS, "checksum");
});

test("weights of another shape are refused by the name of the tensor", async ({ page }) => {
  await serveTampered(page, (body) => {
    const length = Number(body.readBigUInt64LE());
    const header = body.subarray(8, 8 + length).toString();
    const changed = header.replace('"shape":[10]', '"shape":[5,2]').trimEnd().padEnd(length);
    expect(JSON.parse(changed)["layers.24.bias"].shape).toEqual([5, 2]);
    return Buffer.concat([body.subarray(0, 8), Buffer.from(changed), body.subarray(8 + length)]);
  });
  await open(page, "?backend=flex");
  await draw(page, SEVEN);
  await expect(notice(page)).toContainText("'layers.24.bias' has the shape [5, 2]");
  await expectStrokes(page, 1);
});

test("weights whose results differ from native ones are not trusted", async ({ page }) => {
  await serveTampered(page, (body) => {
    // The last bias's first value adds to the logit of 0.
    const length = Number(body.readBigUInt64LE());
    const header = JSON.parse(body.subarray(8, 8 + length).toString());
    const start = 8 + length + header["layers.24.bias"].data_offsets[0];
    body.writeFloatLE(body.readFloatLE(start) + 3, start);
    return body;
  });
  await open(page, "?backend=flex");
  await draw(page, SEVEN);
  await expect(page.locator("#notice")).toContainText("computes wrong results");
  await expectStrokes(page, 1);
});

for (const [name, body, text] of [
  ["a page instead of a manifest", "<!doctype html><title>Hello</title>", "cannot be read"],
  ["a manifest cut short", readFileSync("public/weights/manifest.json", "utf8").slice(0, 200), "cannot be read"],
  ["a manifest of a later format", '{"version": 99, "models": []}', "format 99"],
  ["a manifest without the network", '{"version": 1, "models": []}', "no model 'pen'"],
]) {
  test(name, async ({ page }) => {
    await page.route(MANIFEST, (route) => route.fulfill({ body }));
    await expectTroubleThenRecovery(page, MANIFEST, text);
  });
}

test("a connection that breaks off half-way through the weights", async ({ page }) => {
  const body = weights();
  const headers = { "content-length": String(body.length) };
  await page.route(WEIGHTS, (route) => route.fulfill({ body: body.subarray(0, 30_000), headers }));
  await expectTroubleThenRecovery(page, WEIGHTS, /is incomplete|could not be fetched|bytes long/);
});

test("a connection that fails before the manifest", async ({ page }) => {
  await page.route(MANIFEST, (route) => route.abort("internetdisconnected"));
  await expectTroubleThenRecovery(page, MANIFEST, "the network did not answer");
});

test("an engine that cannot be loaded", async ({ page }) => {
  await page.route("**/engine-flex_bg.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  await open(page, "?backend=flex");
  await draw(page, SEVEN);
  await expect(page.locator("#notice-title")).toContainText("could not be loaded");
  await expectStrokes(page, 1);
  await page.unroute("**/engine-flex_bg.wasm");
  await page.locator("#retry").click();
  await expectDigit(page, 7);
});

test("a page served in place of the engine is refused", async ({ page }) => {
  const body = "<!doctype html>";
  await page.route("**/engine-flex_bg.wasm", (route) => route.fulfill({ body, contentType: "text/html" }));
  await open(page, "?backend=flex");
  await expect(page.locator("#notice-title")).toContainText("could not be loaded");
});

test("a worker that crashes is started again and reads the drawing", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("out of cheese");
    });
  });
  await expect(page.locator("#notice-title")).toContainText("stopped unexpectedly");
  await waitForEngine(page, "flex");
  expect(page.workers()).not.toContain(worker);
  await expectStrokes(page, 1);
  await draw(page, [[0.95, 0.95], [0.96, 0.96]]);
  await page.locator("#undo").click();
  await expectDigit(page, 7);
});

test("an error within an engine reaches the page as a sentence", async ({ page }) => {
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  // No page sends such a request.
  await page.workers()[0].evaluate(() => {
    self.dispatchEvent(new MessageEvent("message", { data: { message: { type: "nonsense" } } }));
  });
  await expect(page.locator("#notice-title")).toContainText("stopped unexpectedly");
  await expectDigit(page, 7);
});

test("WebGPU is requested, but no adapter answers", async ({ page }) => {
  await open(page, "?backend=webgpu");
  await draw(page, SEVEN);
  await expect(page.locator("#notice")).toContainText(/WebGPU/);
  await expect(notice(page)).toContainText("CPU (flex) takes over");
  await expectDigit(page, 7);
});

test("a browser without WebGPU", async ({ page }) => {
  await prepareWorker(page, 'Object.defineProperty(navigator, "gpu", { value: undefined })');
  await open(page);
  await waitForEngine(page, "flex");
  await expect(page.locator("#backend-why")).toContainText("This browser has no WebGPU");
  await expect(page.locator("#notice")).toBeHidden();
});
