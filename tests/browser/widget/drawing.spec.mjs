// A pad's drawing: history and eraser.

import { expect, test } from "@playwright/test";
import { Drawing, readStrokes } from "../../../web/pad/drawing.ts";

const line = (y) => [[0, y, 1], [10, y, 1]];

function drawn(...strokes) {
  const drawing = new Drawing();
  for (const stroke of strokes) drawing.add(stroke);
  return drawing;
}

test("undo and redo cover adding, erasing and clearing", () => {
  const drawing = drawn(line(0), line(20), line(40));
  const full = [...drawing.strokes];
  expect(drawing.erase(5, 20.5, 2)).toBe(true);
  const erased = [...drawing.strokes];
  expect(erased).toEqual([line(0), line(40)]);
  expect(drawing.clear()).toBe(true);
  expect(drawing.isBlank).toBe(true);

  drawing.undo();
  expect(drawing.strokes).toEqual(erased);
  drawing.undo();
  expect(drawing.strokes).toEqual(full);
  drawing.redo();
  drawing.redo();
  expect(drawing.isBlank && !drawing.canRedo).toBe(true);
});

test("a new stroke clears the redo history", () => {
  const drawing = drawn(line(0));
  drawing.undo();
  drawing.add(line(3));
  expect(drawing.canRedo).toBe(false);
  expect(drawing.strokes).toEqual([line(3)]);
});

test("a stroke grows under the pen and is undone as a whole", () => {
  const drawing = drawn([[1, 1, 1]]);
  drawing.extendLast([2, 2, 1]);
  drawing.undo();
  expect(drawing.isBlank).toBe(true);
  drawing.redo();
  expect(drawing.strokes).toEqual([[[1, 1, 1], [2, 2, 1]]]);
});

test("the eraser reaches ink, including dots, but not beyond its reach", () => {
  const dot = drawn([[5, 5, 2]]);
  expect(dot.erase(9, 5, 1)).toBe(false);
  expect(dot.erase(8, 5, 1)).toBe(true);
  const bent = drawn([[0, 0, 1], [10, 0, 1], [10, 10, 3]]);
  expect(bent.erase(5, 5, 2)).toBe(false);
  expect(bent.erase(6, 9, 2)).toBe(true);
});

test("strokes from outside are checked", () => {
  expect(readStrokes([[[1, 2]], [], [[3, 4, 5]]], 7)).toEqual([[[1, 2, 7]], [[3, 4, 5]]]);
  for (const wrong of [null, [1], [[1, 2]], [[[1]]], [[[1, Number.NaN]]], [[["1", 2]]], [[[1, 2, null]]]]) {
    expect(() => readStrokes(wrong, 7), JSON.stringify(wrong)).toThrow(TypeError);
  }
});
