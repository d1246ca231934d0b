// The module without the element: the same recognition for code.

import { expect, test } from "@playwright/test";
import { SEVEN, testImages } from "../inkling.mjs";
import { ELSEWHERE, HERE, STAR, expectWorkers, handSamples, show, strokesOf } from "./pad.mjs";

/** Runs `use(recognizer, input)` in a page that only has the module. */
async function withRecognizer(page, use, input, options = {}, widget = HERE) {
  if (!page.url().includes("/page")) await show(page, "", { widget: null });
  return page.evaluate(
    async ([widget, source, input, options]) => {
      const { createRecognizer } = await import(`${widget}/recognizer.js`);
      const recognizer = await createRecognizer(options);
      try {
        return await new Function(`return (${source})`)()(recognizer, input);
      } finally {
        recognizer.close();
      }
    },
    [widget, use.toString(), input, options],
  );
}

test("strokes, of one digit and of a number", async ({ page }) => {
  const read = async (recognizer, [one, many]) => [
    (await recognizer.recognize(one)).value,
    (await recognizer.recognize(many, { digits: 4 })).value,
  ];
  expect(await withRecognizer(page, read, [strokesOf("7"), strokesOf("4271")])).toEqual(["7", "4271"]);
  await expectWorkers(page, 0);
});

test("pixels, light on dark and dark on light", async ({ page }) => {
  const [{ pixels, label }] = testImages(1);
  const read = async (recognizer, pixels) => {
    const image = (value) => new ImageData(Uint8ClampedArray.from(pixels.flatMap((p) => [value(p), value(p), value(p), 255])), 28, 28);
    return [await recognizer.recognize(image((p) => p)), await recognizer.recognize(image((p) => 255 - p))].map(({ value }) => value);
  };
  expect(await withRecognizer(page, read, pixels)).toEqual([String(label), String(label)]);
});

test("canvases", async ({ page }) => {
  const read = async (recognizer, points) => {
    const canvases = [new OffscreenCanvas(200, 200), Object.assign(document.createElement("canvas"), { width: 200, height: 200 })];
    const values = [];
    for (const canvas of canvases) {
      const context = canvas.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, 200, 200);
      context.lineWidth = 14;
      context.beginPath();
      for (const [x, y] of points) context.lineTo(200 * x, 200 * y);
      context.stroke();
      values.push((await recognizer.recognize(canvas)).value);
    }
    return values;
  };
  expect(await withRecognizer(page, read, SEVEN)).toEqual(["7", "7"]);
});

test("many simultaneous requests are all answered", async ({ page }) => {
  const read = (recognizer, all) => Promise.all(all.map(async (strokes) => (await recognizer.recognize(strokes)).value));
  const digits = [..."0123456789"];
  expect(await withRecognizer(page, read, digits.map(strokesOf))).toEqual(digits);
});

test("a request can be cancelled", async ({ page }) => {
  const read = async (recognizer, strokes) => {
    const name = await recognizer.recognize(strokes, { signal: AbortSignal.abort() }).then(() => "read", (error) => error.name);
    return [name, (await recognizer.recognize(strokes)).value];
  };
  expect(await withRecognizer(page, read, strokesOf("7"))).toEqual(["AbortError", "7"]);
});

test("invalid input is refused with an error", async ({ page }) => {
  const refuse = (recognizer) => {
    const inks = [[undefined], ["7"], [[[[0, Number.NaN]]]], [[[[0, 0], [1, 1]]], { digits: 13 }], [document.body]];
    return Promise.all(inks.map((ink) => recognizer.recognize(...ink).then(() => "read", (error) => error.constructor.name)));
  };
  expect(await withRecognizer(page, refuse)).toEqual(["TypeError", "TypeError", "TypeError", "RangeError", "TypeError"]);
});

test("symbols and fine-tuning, without the element", async ({ page }) => {
  test.setTimeout(300_000);
  const star = STAR.map((stroke) => stroke.map(([x, y]) => [1000 * x, 1000 * y]));
  const teach = async (recognizer, [star, samples]) => {
    await recognizer.teach("★", star);
    const { value } = await recognizer.recognize(star);
    const lesson = await recognizer.fineTune(samples, { layers: "last" });
    const files = [await recognizer.export("samples"), await recognizer.export("network")];
    return { value, total: lesson.after.mnist.total, sizes: files.map(({ size }) => size) };
  };
  const { value, total, sizes } = await withRecognizer(page, teach, [star, handSamples()], { backend: "flex" });
  expect(value).toBe("★");
  expect(total).toBe(1000);
  expect(sizes[0]).toBeGreaterThan(100);
  expect(sizes[1]).toBeGreaterThan(50_000);
  await expectWorkers(page, 0);
});

test("it defines no element, and works from another origin", async ({ page }) => {
  expect(await withRecognizer(page, async (recognizer, strokes) => (await recognizer.recognize(strokes)).value, strokesOf("7"), {}, ELSEWHERE)).toBe("7");
  expect(await page.evaluate(() => customElements.get("inkling-pad") !== undefined)).toBe(false);
});

test("recognizers and elements with the same settings share one engine", async ({ page }) => {
  await show(page, '<inkling-pad backend="flex" loading="eager"></inkling-pad>');
  const infos = await page.evaluate(async (widget) => {
    const { createRecognizer } = await import(`${widget}/inkling-pad.js`);
    const both = [await createRecognizer({ backend: "flex" }), await createRecognizer({ backend: "flex" })];
    return Promise.all(both.map(({ ready }) => ready));
  }, HERE);
  expect(infos).toEqual([expect.objectContaining({ backend: "flex" }), expect.objectContaining({ backend: "flex" })]);
  await expectWorkers(page, 1);
});

test("a failure has a code", async ({ page }) => {
  await show(page, "", { widget: null });
  const failures = await page.evaluate(async (widget) => {
    const { createRecognizer } = await import(`${widget}/recognizer.js`);
    const wrong = [{ backend: "abacus" }, { src: "http://127.0.0.1:9/" }];
    return Promise.all(wrong.map((options) => createRecognizer(options).then(() => "none", ({ name, code }) => `${name} ${code}`)));
  }, HERE);
  expect(failures).toEqual(["InklingError attribute", "InklingError network"]);
  await expectWorkers(page, 0);
});
