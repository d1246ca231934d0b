// Strokes in writing order, with undo and redo for every change, including clearing. Must not know the DOM.

/** A pen position in pad units (the pad is 1000 high, y grows downwards) and half the ink's width there. */
export type Point = [x: number, y: number, radius: number];
/** One movement of the pen from down to up. A single point is a dot. */
export type Stroke = Point[];

type Added = { added: Stroke };
/** Removed strokes, each with its index in the drawing. */
type Removed = { removed: [place: number, stroke: Stroke][] };

export class Drawing {
  #strokes: Stroke[] = [];
  #done: (Added | Removed)[] = [];
  #undone: (Added | Removed)[] = [];

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  get isBlank(): boolean {
    return this.#strokes.length === 0;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Begins a stroke. */
  add(stroke: Stroke): void {
    this.#apply({ added: stroke });
  }

  /** Adds a point to the last stroke while the pen is down. Undo treats it as part of the stroke. */
  extendLast(point: Point): void {
    this.#strokes.at(-1)?.push(point);
  }

  /** Removes every stroke whose ink is within `reach` of a point. Returns whether there was any. */
  erase(x: number, y: number, reach: number): boolean {
    return this.#removeWhere((stroke) => touches(stroke, x, y, reach));
  }

  /** Removes all strokes. Returns whether there were any. */
  clear(): boolean {
    return this.#removeWhere(() => true);
  }

  /** Undoes the last change. Returns whether there was one. */
  undo(): boolean {
    const edit = this.#done.pop();
    if (!edit) return false;
    if ("added" in edit) this.#strokes.pop();
    else for (const [place, stroke] of edit.removed) this.#strokes.splice(place, 0, stroke);
    this.#undone.push(edit);
    return true;
  }

  /** Redoes the last undone change. Returns whether there was one. */
  redo(): boolean {
    const edit = this.#undone.pop();
    if (!edit) return false;
    this.#perform(edit);
    this.#done.push(edit);
    return true;
  }

  #removeWhere(leaves: (stroke: Stroke) => boolean): boolean {
    const removed = [...this.#strokes.entries()].filter(([, stroke]) => leaves(stroke));
    if (removed.length > 0) this.#apply({ removed });
    return removed.length > 0;
  }

  #apply(edit: Added | Removed): void {
    this.#perform(edit);
    this.#done.push(edit);
    this.#undone = [];
  }

  #perform(edit: Added | Removed): void {
    if ("added" in edit) this.#strokes.push(edit.added);
    else for (const [place] of edit.removed.toReversed()) this.#strokes.splice(place, 1);
  }
}

function touches(stroke: Stroke, x: number, y: number, reach: number): boolean {
  // A dot is a segment of zero length.
  return stroke.some((point, i) => distanceToInk(stroke[Math.max(i - 1, 0)], point, x, y) <= reach);
}

/** Returns the distance to the edge of the ink between two points; negative inside the ink. */
function distanceToInk([ax, ay, ar]: Point, [bx, by, br]: Point, x: number, y: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length2, 0), 1) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy) - (ar + t * (br - ar));
}

/** Reads strokes from outside: checks every number and gives `radius` to points without one. */
export function readStrokes(strokes: unknown, radius: number): Stroke[] {
  const read = (point: unknown): Point => {
    const [x, y, r = radius] = Array.isArray(point) ? point : [];
    if (![x, y, r].every((number) => typeof number === "number" && Number.isFinite(number))) {
      throw new TypeError("strokes must be lists of points [x, y] or [x, y, radius], all of them finite numbers");
    }
    return [x, y, r];
  };
  if (!Array.isArray(strokes) || !strokes.every(Array.isArray)) {
    throw new TypeError("strokes must be a list of strokes, each a list of points [x, y] or [x, y, radius]");
  }
  return strokes.filter((stroke) => stroke.length > 0).map((stroke) => stroke.map(read));
}
