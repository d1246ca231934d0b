// The GPU engine, and whether every backend agrees with native Burn.

import { expect, test } from "@playwright/test";
import { classify, manifest } from "./engine.mjs";
import {
  DIGITS,
  SEVEN,
  draw,
  expectDigit,
  expectNativeLogits,
  expectStrokes,
  open,
  prepareWorker,
  testImages,
  waitForEngine,
} from "./inkling.mjs";

for (const backend of ["flex", "ndarray", "webgpu"]) {
  test(`logits of 100 test digits on ${backend} are native Burn's`, async ({ page }) => {
    await open(page, "?backend=flex");
    const [{ logits }] = await classify(page, backend, [testImages(100).flatMap((image) => image.pixels)]);
    expectNativeLogits(logits, 100);
  });
}

test("a drawn seven is read as seven on WebGPU", async ({ page }) => {
  await open(page, "?backend=webgpu");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  await waitForEngine(page, "webgpu");
  await expect(page.locator("#notice")).toBeHidden();
});

test("a lesson on WebGPU goes on with falling loss, and is cancelled", async ({ page }) => {
  await page.goto("./?backend=webgpu#teach");
  await waitForEngine(page, "webgpu");
  for (const digit of [0, 1, 2, 3, 4]) {
    await draw(page, ...DIGITS[digit]);
    await page.locator("#keep").click();
  }
  await page.locator("#teach").click();
  // The first step compiles the shaders, here on the CPU.
  await expect(page.locator("#lesson-progress")).toContainText(/^Step ([6-9]|\d\d) of/, { timeout: 240_000 });
  const loss = await page.locator(".curve text").first().textContent();
  expect(Number(/^loss (\d+\.\d+)$/.exec(loss)[1])).toBeLessThan(2);
  await page.locator(".cancel").click();
  await expect(page.locator(".lesson")).toHaveAttribute("data-stage", "none");
  await waitForEngine(page, "webgpu");
});

test("a software adapter is not chosen unless forced", async ({ page }) => {
  await open(page);
  await waitForEngine(page, "flex");
  await draw(page, SEVEN);
  await expectDigit(page, 7);
  const isSoftware = await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    return adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
  });
  test.skip(!isSoftware, "this machine has a graphics card");
  await expect(page.locator("#backend-why")).toContainText("software");
});

test("an adapter that refuses a device is replaced by the CPU, and the drawing is read", async ({ page }) => {
  await prepareWorker(page, "GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('refused'))");
  await open(page, "?backend=webgpu");
  await draw(page, SEVEN);
  await expect(page.locator("#notice-title")).toContainText("no graphics card that it can use");
  await expect(page.locator("#notice-text")).toContainText("CPU (flex) takes over");
  await expectDigit(page, 7);
});

test("a device that is lost while drawing is replaced by the CPU, and the drawing is read", async ({ page }) => {
  // The worker exposes its device, so that the test can destroy it.
  await prepareWorker(
    page,
    `const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      return (self.gpuDevice = await request.apply(this, args));
    }`,
  );
  await open(page, "?backend=webgpu");
  await waitForEngine(page, "webgpu");
  const box = await page.locator("#pad").boundingBox();
  const moveTo = ([x, y]) => page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 8 });
  await moveTo(SEVEN[0]);
  await page.mouse.down();
  for (const point of SEVEN.slice(1, 3)) await moveTo(point);
  await page.workers()[0].evaluate(() => self.gpuDevice.destroy());
  for (const point of SEVEN.slice(3)) await moveTo(point);
  await page.mouse.up();
  await expect(page.locator("#notice-title")).toContainText("graphics card was lost");
  await expect(page.locator("#notice-text")).toContainText("CPU (flex) takes over");
  await waitForEngine(page, "flex");
  await expectStrokes(page, 1);
  await expectDigit(page, 7);
});

test("a network reads the test digits on WebGPU as the manifest says, except for two at most, and the CPU counts the votes", async ({ page }) => {
  const { id } = manifest().models.reduce((a, b) => (a.bytes < b.bytes ? a : b));
  test.skip(manifest().models.length < 2, "the manifest has no other networks");
  await open(page, "?backend=webgpu");
  await waitForEngine(page, "webgpu");
  await draw(page, SEVEN);
  await page.locator(".votes .ask").click();
  await expect(page.locator(".tally")).toContainText("read 7");
  expect(await page.locator("#backend").getAttribute("data-backend")).toBe("webgpu");
  await page.evaluate((id) => (location.hash = `models/${id}`), id);
  const check = page.locator(`[data-check="${id}"]`).filter({ visible: true }).first();
  await check.getByRole("button").click();
  await expect(check).toHaveAttribute("data-stage", "over", { timeout: 240_000 });
  await expect(check).toContainText(/WebGPU: [\d,]+ of 10,000 correct, (as the manifest says|[12] (more|fewer))/);
});
