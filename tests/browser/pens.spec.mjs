// Metamorphic tests: strokes replayed on the real pad get the same reading as natively, whatever the place, size, pen,
// screen, speed and order. `make test-browser` writes native Burn's reading of the same strokes (STROKES).

import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { CHANGES, DRAWINGS } from "./drawings.mjs";
import { draw, open, waitForEngine } from "./inkling.mjs";

const native = JSON.parse(readFileSync(process.env.STROKES, "utf8"));

/** How far a probability may be from native Burn's if only rounding differs, and a pixel from the unchanged image. */
const PROBABILITY = 0.001;
const PIXEL = 2;
/** If the ink itself differs, only drawings that native Burn is this sure of must get the same reading. */
const SURE = 0.9;

/** Opens a page with these context options and waits for its engine. */
async function openedAt(browser, options) {
  const { baseURL, viewport } = test.info().project.use;
  const context = await browser.newContext({ baseURL, viewport, serviceWorkers: "block", ...options });
  const page = await context.newPage();
  await open(page, "?backend=flex");
  await waitForEngine(page, "flex");
  return page;
}

/** What the page shows: the winner, ten probabilities, all 0 on a blank pad, and the pixels that the network sees. */
function shown() {
  const bars = [...document.querySelectorAll(".bar[data-digit]")];
  const seen = document.querySelector("#seen");
  const { data } = seen.getContext("2d").getImageData(0, 0, seen.width, seen.height);
  return {
    digit: document.querySelector("#winner").dataset.digit,
    probabilities: bars.map((bar) => Number(bar.dataset.probability)),
    pixels: Array.from({ length: seen.width * seen.height }, (_, i) => data[4 * i]),
  };
}

/** Draws each drawing with pointer events, all in one frame, and returns what the page then shows. `grid` is the
    smallest step of the device, in CSS pixels. */
function replay(page, drawings, { pointerType = "mouse", pressure = 0.5, grid = 0 } = {}) {
  const shownText = shown.toString();
  return page.evaluate(
    async ({ drawings, pointerType, pressure, grid, shownText }) => {
      const shown = new Function(`return (${shownText})`)();
      const pad = document.querySelector("#pad").shadowRoot.querySelector("canvas");
      const box = pad.getBoundingClientRect();
      const onGrid = (place) => (grid ? Math.floor(place / grid) * grid : place);
      const fire = (type, [x, y], buttons) =>
        pad.dispatchEvent(
          new PointerEvent(type, {
            pointerId: 7,
            isPrimary: true,
            bubbles: true,
            cancelable: true,
            button: type === "pointermove" ? -1 : 0,
            buttons,
            pointerType,
            pressure: buttons && pressure,
            clientX: onGrid(box.x + x * box.width),
            clientY: onGrid(box.y + y * box.height),
          }),
        );
      const until = async (isDone) => {
        for (let n = 0; n < 600; n++) {
          const now = shown();
          if (isDone(now.probabilities.some((probability) => probability > 0))) return now;
          await new Promise(requestAnimationFrame);
        }
        throw new Error("the page does not answer");
      };
      const readings = [];
      for (const strokes of drawings) {
        for (const [first, ...others] of strokes) {
          fire("pointerdown", first, 1);
          for (const point of others) fire("pointermove", point, 1);
          fire("pointerup", others.at(-1) ?? first, 0);
        }
        readings.push(await until((isRead) => isRead));
        document.querySelector("#clear").click();
        await until((isRead) => !isRead);
      }
      return readings;
    },
    { drawings, pointerType, pressure, grid, shownText },
  );
}

/** Draws with device events. `send` sends one for a place in CSS pixels and the fraction of the stroke drawn. */
async function drawWith(page, strokes, send) {
  const box = await page.locator("#pad").boundingBox();
  const at = ([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
  for (const [first, ...others] of strokes) {
    await send("down", at(first), 0);
    for (const [i, point] of others.entries()) await send("move", at(point), i / others.length);
    await send("up", at(others.at(-1) ?? first), 1);
  }
}

const winnerOf = (probabilities) => probabilities.indexOf(Math.max(...probabilities));
const furthest = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
/** Whether this reading must be shown as a digit without doubt. */
const isClear = ({ probabilities, digit_probability: isDigit = 1 }) => Math.max(...probabilities) > 0.5 && isDigit > 0.5;

/** Readings that differ from native ones; `places` are indices in DRAWINGS. */
function differences(readings, places) {
  return readings.flatMap(({ digit, probabilities }, i) => {
    const { name } = DRAWINGS[places[i]];
    const wanted = native[places[i]];
    const away = furthest(probabilities, wanted.probabilities);
    if (away > PROBABILITY) return [`${name}: a probability is ${away} from native Burn's`];
    if (isClear(wanted) && digit !== String(wanted.read)) return [`${name}: read as ${digit}, natively ${wanted.read}`];
    return [];
  });
}

/** Readings whose winner differs, although native Burn is sure of it. */
function otherWinners(readings, places) {
  return readings.flatMap(({ probabilities }, i) => {
    const { name } = DRAWINGS[places[i]];
    const wanted = native[places[i]];
    const isSame = winnerOf(probabilities) === wanted.read;
    return isSame || wanted.probabilities[wanted.read] < SURE ? [] : [`${name}: read as ${winnerOf(probabilities)}`];
  });
}

const ALL = DRAWINGS.map((_, i) => i);
const changed = (change, places = ALL) => places.map((i) => CHANGES[change](DRAWINGS[i].strokes));

test("native Burn has read the same drawings, and is sure of enough of them", () => {
  expect(native.map(({ writer }) => writer)).toEqual(DRAWINGS.map(({ name }) => `drawn ${name}`));
  const sure = native.filter(({ probabilities, read }) => probabilities[read] >= SURE);
  expect(sure.length).toBeGreaterThan(DRAWINGS.length / 2);
});

for (const [deviceScaleFactor, colorScheme] of [[1, "light"], [2, "dark"], [3, "light"]]) {
  test(`place, size, speed and order do not matter at devicePixelRatio ${deviceScaleFactor} in ${colorScheme}`, async ({ browser }) => {
    const page = await openedAt(browser, { deviceScaleFactor, colorScheme });
    expect(await page.evaluate(() => devicePixelRatio)).toBe(deviceScaleFactor);
    // On an ordinary screen, each change is applied to all drawings; here, to a third of them.
    const places = ALL.filter((i) => deviceScaleFactor === 1 || i % 3 === deviceScaleFactor - 1);
    const original = await replay(page, changed("as it is", places));
    expect(differences(original, places)).toEqual([]);
    for (const change of Object.keys(CHANGES)) {
      const readings = await replay(page, changed(change, places));
      expect(differences(readings, places), change).toEqual([]);
      const pixels = readings.map((reading, i) => furthest(reading.pixels, original[i].pixels));
      expect(Math.max(...pixels), `pixels ${change}`).toBeLessThanOrEqual(PIXEL);
    }
    await page.context().close();
  });
}

test("a pen's width and kind do not matter, and whole-pixel steps of a mouse do not change the winner", async ({ browser }) => {
  const page = await openedAt(browser, {});
  for (const width of ["Fine", "Medium", "Broad"]) {
    await page.getByRole("button", { name: width }).click();
    for (const change of ["as it is", "5 % of the pad"]) {
      expect(differences(await replay(page, changed(change)), ALL), `${width}, ${change}`).toEqual([]);
    }
  }
  await page.getByRole("button", { name: "Medium" }).click();
  for (const pointerType of ["touch", "pen"]) {
    for (const pressure of [0.1, 0.9]) {
      const readings = await replay(page, changed("as it is"), { pointerType, pressure });
      expect(differences(readings, ALL), `${pointerType} at pressure ${pressure}`).toEqual([]);
    }
  }
  for (const change of ["as it is", "12 % of the pad", "5 % of the pad"]) {
    const readings = await replay(page, changed(change), { grid: 1 });
    expect(otherWinners(readings, ALL), `in whole pixels, ${change}`).toEqual([]);
  }
  await page.context().close();
});

test("mouse, finger and pen draw the same through the browser's own events", async ({ browser }) => {
  const page = await openedAt(browser, { deviceScaleFactor: 2, hasTouch: true });
  const cdp = await page.context().newCDPSession(page);
  const types = {
    mouse: { down: "mousePressed", move: "mouseMoved", up: "mouseReleased" },
    touch: { down: "touchStart", move: "touchMove", up: "touchEnd" },
  };
  const button = (kind) => ({ button: "left", buttons: kind === "up" ? 0 : 1, clickCount: 1 });
  const send = {
    mouse: (kind, at) => cdp.send("Input.dispatchMouseEvent", { type: types.mouse[kind], ...at, ...button(kind) }),
    touch: (kind, at) => {
      const touchPoints = kind === "up" ? [] : [at];
      return cdp.send("Input.dispatchTouchEvent", { type: types.touch[kind], touchPoints });
    },
    // The pressure increases, so the ink gets wider.
    pen: (kind, at, share) => {
      const pen = { pointerType: "pen", force: 0.2 + 0.6 * share };
      return cdp.send("Input.dispatchMouseEvent", { type: types.mouse[kind], ...at, ...button(kind), ...pen });
    },
  };
  const places = ALL.filter((i) => i % 5 === 2);
  for (const device of ["mouse", "touch", "pen"]) {
    for (const [n, place] of places.entries()) {
      const change = ["as it is", "12 % of the pad", "5 % of the pad"][n % 3];
      await drawWith(page, CHANGES[change](DRAWINGS[place].strokes), send[device]);
      const compare = device === "pen" ? otherWinners : differences;
      // The answer to the last point may still be on its way.
      await expect
        .poll(async () => compare([await page.evaluate(shown)], [place]), { message: `${device}, ${change}` })
        .toEqual([]);
      await page.locator("#clear").click();
    }
  }
  await page.context().close();
});

test("the theme's colours do not matter, also when they change", async ({ browser }) => {
  const page = await openedAt(browser, { colorScheme: "light" });
  const isNative = () => expect.poll(async () => differences([await page.evaluate(shown)], [5])).toEqual([]);
  await draw(page, ...DRAWINGS[5].strokes);
  await isNative();
  const inLight = await page.evaluate(shown);
  const ink = () => page.locator("#pad").evaluate((pad) => getComputedStyle(pad).color);
  const light = await ink();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(ink).not.toBe(light);
  expect(await page.evaluate(shown)).toEqual(inLight);
  // One more point, so that it is read again.
  await draw(page, [DRAWINGS[5].strokes[0][0]]);
  await isNative();
  await page.context().close();
});
