// Digits in several styles, and changes that must not affect how they are read. As a script, it prints the strokes
// of the digits, for `inkling eval strokes` to read natively.

import { fileURLToPath } from "node:url";
import { DIGITS, arc } from "./inkling.mjs";

/** Styles beyond those of DIGITS: label, name, strokes of [x, y] in fractions of the pad. */
const STYLES = [
  [0, "slashed", [arc(0.5, 0.5, 0.2, 0.32, -80, 285), [[0.68, 0.22], [0.32, 0.8]]]],
  [0, "open", [arc(0.5, 0.5, 0.2, 0.3, -60, 240)]],
  [1, "upstroke", [[[0.3, 0.42], [0.4, 0.33], [0.56, 0.15], [0.54, 0.5], [0.52, 0.86]]]],
  [1, "serifs", [[[0.42, 0.26], [0.52, 0.15], [0.52, 0.85]], [[0.38, 0.85], [0.66, 0.85]]]],
  [4, "open", [[[0.36, 0.16], [0.32, 0.52], [0.7, 0.5]], [[0.66, 0.2], [0.62, 0.86]]]],
  [4, "closed", [[[0.68, 0.6], [0.28, 0.6], [0.6, 0.15], [0.6, 0.86]]]],
  [7, "crossed", [[[0.28, 0.2], [0.72, 0.18], [0.6, 0.45], [0.48, 0.84]], [[0.42, 0.5], [0.7, 0.48]]]],
  [9, "hooked", [[...arc(0.48, 0.34, 0.17, 0.17, -20, -340), [0.65, 0.5], ...arc(0.49, 0.66, 0.16, 0.18, 0, 140)]]],
];

/** All of them, as {name, label, strokes}. */
export const DRAWINGS = [
  ...DIGITS.map((strokes, label) => ({ name: `${label}`, label, strokes })),
  ...STYLES.map(([label, style, strokes]) => ({ name: `${label} ${style}`, label, strokes })),
];

const mapped = (strokes, change) => strokes.map((stroke) => stroke.map(change));

function bounds(strokes) {
  const axis = (i) => strokes.flat().map((point) => point[i]);
  const of = (i) => ({ low: Math.min(...axis(i)), high: Math.max(...axis(i)) });
  return [of(0), of(1)];
}

/** Scales the longest side to this fraction of the pad, centred on (x, y) or as near as the pad allows. */
const sized = (share, x = 0.5, y = 0.5) => (strokes) => {
  const sides = bounds(strokes);
  const scale = share / Math.max(...sides.map(({ low, high }) => high - low));
  const [left, top] = [x, y].map((centre, i) => {
    const side = scale * (sides[i].high - sides[i].low);
    return Math.min(Math.max(centre - side / 2, 0), 1 - side);
  });
  return mapped(strokes, ([px, py]) => [left + scale * (px - sides[0].low), top + scale * (py - sides[1].low)]);
};

/** Moves it until it touches two edges of the pad. */
const inCorner = (right, bottom) => (strokes) => {
  const [x, y] = bounds(strokes).map(({ low, high }, i) => ([right, bottom][i] ? 1 - high : -low));
  return mapped(strokes, ([px, py]) => [px + x, py + y]);
};

/** A slow pen: `n` points on the way from each point to the next. */
const slow = (n) => (strokes) =>
  strokes.map((stroke) =>
    stroke.flatMap(([x, y], i) => {
      const [fromX, fromY] = stroke[i - 1] ?? [x, y];
      const steps = i === 0 ? 1 : n;
      return Array.from({ length: steps }, (_, k) => [
        x + (fromX - x) * (1 - (k + 1) / steps),
        y + (fromY - y) * (1 - (k + 1) / steps),
      ]);
    }),
  );

/** The pen is lifted in the middle of each stroke and set down where it was. */
const split = (strokes) =>
  strokes.flatMap((stroke) => {
    const middle = stroke.length >> 1;
    return stroke.length > 2 ? [stroke.slice(0, middle + 1), stroke.slice(middle)] : [stroke];
  });

const backwards = (strokes) => strokes.map((stroke) => stroke.toReversed());

/** Changes to a drawing that must not change its reading, by name. */
export const CHANGES = {
  "as it is": (strokes) => strokes,
  "at the pad's upper left": inCorner(false, false),
  "at the pad's lower right": inCorner(true, true),
  "as large as the pad": sized(1),
  "30 % of the pad": sized(0.3, 0.7, 0.2),
  "12 % of the pad": sized(0.12, 0.2, 0.8),
  "5 % of the pad": sized(0.05, 0.97, 0.5),
  "by a slow pen": slow(8),
  "5 % of the pad by a slow pen": (strokes) => slow(8)(sized(0.05, 0.5, 0.03)(strokes)),
  "by a pen that rests": (strokes) => strokes.map((stroke) => stroke.flatMap((point) => [point, point, point])),
  "strokes in another order": (strokes) => strokes.toReversed(),
  "each stroke backwards": backwards,
  "in more strokes": split,
  "small, backwards and in more strokes": (strokes) => backwards(split(sized(0.12, 0.6, 0.4)(strokes))),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, label, strokes } of DRAWINGS) {
    console.log(JSON.stringify({ src: "drawn", writer: name, label: String(label), strokes }));
  }
}
