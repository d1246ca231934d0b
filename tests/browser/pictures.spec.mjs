// Pictures of digits: chosen, dropped and pasted.

import { deflateSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { ONE, draw, expectDigit, expectStrokes, open, testImages, waitForEngine } from "./inkling.mjs";

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A grey PNG. `bits` is 8 or 1; rows are made by `row(y)`. */
function png(width, height, bits, row) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), framed.length - 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const rows = Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), row(y)]));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const digitPng = ({ pixels }) => png(28, 28, 8, (y) => Buffer.from(pixels.slice(28 * y, 28 * y + 28)));
const file = (name, buffer, mimeType = "image/png") => ({ name, mimeType, buffer });

test("1,000 MNIST test images in the app get the same accuracy as in eval", async ({ page }) => {
  const images = testImages(1000);
  const native = JSON.parse(readFileSync(process.env.LOGITS, "utf8"));
  expect(native.length).toBeGreaterThanOrEqual(1000);
  const best = (logits) => logits.indexOf(Math.max(...logits));
  const nativeCorrect = images.filter((image, i) => best(native[i]) === image.label).length;

  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  const files = images.map((image, i) => [`digit-${i}.png`, digitPng(image).toString("base64")]);
  const read = await page.evaluate(async (files) => {
    const input = document.getElementById("picture-input");
    const digits = [];
    for (const [name, base64] of files) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: "image/png" }));
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const deadline = performance.now() + 10_000;
      // A new picture appears at the same moment as the old reading disappears.
      const isShown = () => document.getElementById("picture")?.textContent.includes(name);
      const winner = document.getElementById("winner").dataset;
      while (!isShown() || winner.digit === "") {
        if (performance.now() > deadline) throw new Error(`${name} was not read`);
        await new Promise((resolve) => setTimeout(resolve));
      }
      digits.push(Number(winner.digit));
    }
    return digits;
  }, files);
  const correct = images.filter((image, i) => read[i] === image.label).length;
  console.log(`${correct} of 1000 in the app, ${nativeCorrect} natively`);
  expect(Math.abs(correct - nativeCorrect)).toBeLessThanOrEqual(1);
});

test("a chosen picture is read, and the drawing comes back", async ({ page }) => {
  const [image] = testImages(1);
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  await draw(page, ONE);
  await expectDigit(page, 1);
  await page.locator("#picture-input").setInputFiles(file("my digit.png", digitPng(image)));
  await expectDigit(page, image.label);
  await expect(page.locator("#picture")).toContainText("my digit.png");
  await page.locator("#back-to-drawing").click();
  await expectDigit(page, 1);
  await expectStrokes(page, 1);
});

for (const way of ["drop", "paste"]) {
  test(`a picture by ${way}`, async ({ page }) => {
    const [image] = testImages(1);
    await open(page, "?backend=flex");
    await waitForEngine(page, "flex");
    await page.evaluate(
      ({ way, base64 }) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], "digit.png", { type: "image/png" }));
        const options = { bubbles: true, cancelable: true };
        const target = document.getElementById("pad");
        if (way === "paste") {
          target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
        } else {
          for (const type of ["dragenter", "dragover", "drop"]) {
            target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: transfer }));
          }
        }
      },
      { way, base64: digitPng(image).toString("base64") },
    );
    await expectDigit(page, image.label);
  });
}

for (const [name, makeFile, text] of [
  ["a file that isn't an image", () => file("notes.png", Buffer.from("Dear diary")), /not|no/i],
  ["a picture of 100 megapixels", () => file("huge.png", png(10_000, 10_000, 1, () => Buffer.alloc(1250))), /100/],
  ["a picture without a digit", () => file("blank.png", png(64, 64, 8, () => Buffer.alloc(64, 250))), "No digit stands out"],
]) {
  test(`${name} is refused with a sentence, and the drawing is kept`, async ({ page }) => {
    await open(page, "?backend=flex");
    await waitForEngine(page, "flex");
    await draw(page, ONE);
    await expectDigit(page, 1);
    await page.locator("#picture-input").setInputFiles(makeFile());
    await expect(page.locator("#notice-text")).toContainText(text);
    await expectStrokes(page, 1);
    await expectDigit(page, 1);
    await page.locator("#dismiss").click();
    await expect(page.locator("#notice")).toBeHidden();
  });
}
