// Strokes in the order of writing, with undo and redo over every change, clearing included. It must not know the DOM.

/** A place of the pen in pad units (the pad is 1000 high, y grows downwards) and half the width of the ink there. */
export type Point = [x: number, y: number, radius: number];
/** One movement of the pen from down to up. A single point is a dot. */
export type Stroke = Point[];

type Added = { added: Stroke };
/** Strokes taken away, each with the place where it stood. */
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

  /** Lengthens the last stroke, as the pen is still down. Not a change of its own for undo. */
  extendLast(point: Point): void {
    this.#strokes.at(-1)?.push(point);
  }

  /** Removes every stroke whose ink comes within `reach` of a place; says whether any did. */
  erase(x: number, y: number, reach: number): boolean {
    return this.#removeWhere((stroke) => touches(stroke, x, y, reach));
  }

  /** Removes all strokes; says whether there were any. */
  clear(): boolean {
    return this.#removeWhere(() => true);
  }

  /** Takes the last change back; says whether there was any. */
  undo(): boolean {
    const edit = this.#done.pop();
    if (!edit) return false;
    if ("added" in edit) this.#strokes.pop();
    else for (const [place, stroke] of edit.removed) this.#strokes.splice(place, 0, stroke);
    this.#undone.push(edit);
    return true;
  }

  /** Makes the change again that was taken back last; says whether there was any. */
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
  // A dot is a segment of no length.
  return stroke.some((point, i) => distanceToInk(stroke[Math.max(i - 1, 0)], point, x, y) <= reach);
}

/** Distance to the edge of the ink between two points; negative inside. */
function distanceToInk([ax, ay, ar]: Point, [bx, by, br]: Point, x: number, y: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length2, 0), 1) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy) - (ar + t * (br - ar));
}

/** Strokes as somebody else gives them: every number checked, and a point without a radius gets `radius`. */
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
