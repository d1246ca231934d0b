// bench.html: the interface for harnesses, and the results that a person sees. This test measures no times.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { NETWORKS, spec, writeNetworks } from "../../bench/networks.mjs";
import { defaultEntry } from "./engine.mjs";
import { expectNativeLogits, testImages } from "./inkling.mjs";

const folder = mkdtempSync(join(tmpdir(), "inkling-bench-"));
test.beforeAll(() => writeNetworks(folder, folder));
test.afterAll(() => rmSync(folder, { recursive: true }));

/** Opens the page, and serves the three networks. */
async function open(page, query = "?backend=flex") {
  await page.route("**/*.safetensors", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").pop();
    if (!NETWORKS.some((network) => name === `${network}.safetensors`)) return route.continue();
    return route.fulfill({ body: readFileSync(join(folder, name)) });
  });
  await page.goto(`./bench.html${query}`);
  await page.waitForFunction(() => window.bench);
}

const specOf = (model) => ({ ...spec(model), safetensorsUrl: `${model}.safetensors` });

test("the app's network gives native logits, built from a harness's table", async ({ page }) => {
  await open(page);
  const entry = defaultEntry();
  // The layers of `pen`: M3's with other channels, and with the dropout layer that counts in its tensors' names.
  const channels = [1, 20, 28, 20, 36, 44, 28, 44, 10];
  let i = 0;
  const layers = spec("M3").layers.map((layer) => {
    if (layer.op === "conv") return { ...layer, in: channels[i], out: channels[++i] };
    return layer.op === "bn" ? { ...layer, c: channels[i] } : layer;
  });
  layers.splice(-2, 0, { op: "dropout", p: 0.1 });
  const logits = await page.evaluate(
    async ({ layers, file, images }) => {
      await window.bench.load({ model: "own", layers, safetensorsUrl: `weights/${file}` });
      const x = Float32Array.from(images.flat(), (byte) => (byte / 255 - 0.1307) / 0.3081);
      const one = await window.bench.predict(x.slice(0, 784));
      const all = await window.bench.predictBatch(x, images.length);
      return { one: [...one], all: [...all] };
    },
    { layers, file: entry.file, images: testImages(20).map(({ pixels }) => pixels) },
  );
  expectNativeLogits(logits.one, 1);
  expectNativeLogits(logits.all, 20);
});

test("flex and ndarray agree on every network, and say what runs", async ({ page }) => {
  const logits = {};
  for (const backend of ["flex", "ndarray"]) {
    await open(page, `?backend=${backend}`);
    logits[backend] = await page.evaluate(async (specs) => {
      const x = Float32Array.from({ length: 784 * 3 }, (_, i) => ((i * 37) % 256) / 255);
      const all = [];
      for (const spec of specs) {
        const { backend, threads } = await window.bench.load(spec);
        all.push({ backend, threads, logits: [...(await window.bench.predictBatch(x, 3))] });
      }
      return all;
    }, NETWORKS.map(specOf));
  }
  for (const [i, { backend, threads, logits: flex }] of logits.flex.entries()) {
    expect({ backend, threads }).toEqual({ backend: "flex", threads: 1 });
    expect(logits.ndarray[i].backend).toBe("ndarray");
    expect(flex).toHaveLength(30);
    const worst = Math.max(...flex.map((logit, j) => Math.abs(logit - logits.ndarray[i].logits[j])));
    expect(worst).toBeLessThan(1e-4);
  }
});

for (const backend of ["flex", "ndarray"]) {
  test(`training on ${backend} lowers the loss, and starts again from the loaded weights`, async ({ page }) => {
    await open(page, `?backend=${backend}`);
    const losses = await page.evaluate(async (specs) => {
      const x = Float32Array.from({ length: 784 * 8 }, (_, i) => ((i * 37 + (i >> 4)) % 256) / 255);
      const y = Uint8Array.from({ length: 8 }, (_, i) => i);
      const all = [];
      for (const spec of specs) {
        await window.bench.load(spec);
        for (const [optimizer, lr] of [["sgd", 0.05], ["adam", 0.003]]) {
          for (const scope of ["full", "last"]) {
            await window.bench.trainSetup({ optimizer, lr, scope, batch: 8 });
            const first = await window.bench.trainStep(x, y, true);
            let silent;
            for (let i = 0; i < 8; i++) silent = await window.bench.trainStep(x, y, false);
            const last = await window.bench.trainStep(x, y, true);
            all.push({ what: `${spec.model} ${optimizer} ${scope}`, first, last, silent });
          }
        }
      }
      return all;
    }, [specOf("M1"), specOf("M2")]);
    for (const { what, first, last, silent } of losses) {
      expect(last, what).toBeLessThan(first);
      expect(silent, what).toBeUndefined();
    }
    // The same network, images and weights, whatever was trained before.
    for (const model of [losses.slice(0, 4), losses.slice(4)]) {
      for (const { what, first } of model) expect(first, what).toBeCloseTo(model[0].first, 5);
    }
  });
}

test("errors are thrown in plain words, and the page carries on", async ({ page }) => {
  await open(page);
  const texts = await page.evaluate(async ({ M1, M2, M3 }) => {
    const { bench } = window;
    const x = new Float32Array(784);
    const texts = [];
    const attempt = async (call) => texts.push(await call().then(String, (error) => error.message));
    await attempt(() => bench.predict(x));
    await attempt(() => bench.load({ ...M1, safetensorsUrl: "nothing.safetensors" }));
    await attempt(() => bench.load({ ...M1, safetensorsUrl: "M2.safetensors" }));
    await attempt(() => bench.load({ ...M1, layers: [{ op: "lstm" }] }));
    await attempt(() => bench.load({ ...M1, layers: [{ op: "linear", in: 5, out: 10 }] }));
    await bench.load(M2);
    await attempt(() => bench.predict(new Float32Array(5)));
    await attempt(() => bench.trainStep(x, Uint8Array.of(1), true));
    await bench.load(M3);
    // Its last layer is a convolution.
    await bench.trainSetup({ optimizer: "sgd", lr: 0.1, scope: "last", batch: 1 });
    await attempt(async () => Number.isFinite(await bench.trainStep(x, Uint8Array.of(1), true)));
    await attempt(async () => (await bench.predict(x)).length);
    return texts;
  }, { M1: specOf("M1"), M2: specOf("M2"), M3: specOf("M3") });
  expect(texts[0]).toContain("no network is loaded yet");
  expect(texts[1]).toContain("404");
  expect(texts[2]).toContain("layers.1.weight");
  expect(texts[3]).toContain("lstm");
  expect(texts[4]).toContain("layer 0 (linear) cannot take 1×28×28");
  expect(texts[5]).toContain("784 values");
  expect(texts[6]).toContain("training has not started");
  expect(texts[7]).toBe("true");
  expect(texts[8]).toBe("10");
});

test("a backend that does not exist is named", async ({ page }) => {
  await page.goto("./bench.html?backend=cuda");
  await expect(page.locator("#status")).toContainText("cuda");
});

for (const [width, colorScheme] of [[1280, "light"], [360, "dark"]]) {
  test(`a person sees figures, ${width} px, ${colorScheme}`, async ({ page }, info) => {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await page.goto("./bench.html?backend=flex");
    await expect(page.locator("#results")).toBeVisible({ timeout: 60_000 });
    await expect(page.locator("tbody tr")).toHaveCount(6);
    await expect(page.locator("tbody")).toContainText("steps/s");
    await expect(page.locator("nav [aria-current]")).toHaveText("CPU (flex)");
    await page.screenshot({ path: info.outputPath("bench.png") });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });
}

test("a call by a harness stops the measurement for the person", async ({ page }) => {
  await open(page);
  await expect(page.locator("#status")).toContainText("Measuring");
  const n = await page.evaluate(async (spec) => {
    await window.bench.load(spec);
    return (await window.bench.predict(new Float32Array(784))).length;
  }, specOf("M1"));
  expect(n).toBe(10);
  await expect(page.locator("#status")).toContainText("A program is measuring");
});
