// The sheet of paper: mouse, finger and pen become strokes on a canvas.

import { Drawing, type Point, type Stroke } from "./drawing";

export type Tool = "pen" | "eraser";

/** Height of every pad in its own units, so that a drawing survives another size. */
export const PAD_HEIGHT = 1000;
/** How near the eraser must come to a stroke, in pad units. */
const ERASER_REACH = 22;
/** Movements shorter than this, in pad units, are none: a pen that rests sends events too. */
const MIN_STEP = 0.1;
/** How much of a change of pressure one event takes over. */
const PRESSURE_FOLLOWING = 0.4;
/** `PointerEvent.button` of the eraser's end of a pen. */
const ERASER_BUTTON = 5;

interface Pen {
  pointer: number;
  isErasing: boolean;
  last: Point;
}

export class Surface {
  readonly canvas: HTMLCanvasElement;
  tool: Tool = "pen";
  /** Width of the ink at medium pressure, in pad units. */
  penWidth = 76;
  /** Takes no pen. */
  isLocked = false;
  #drawing = new Drawing();
  #pen: Pen | null = null;
  #frame = 0;
  #onInk: () => void;
  #stop: AbortController | null = null;

  /** `onInk` is called whenever the ink has changed, and when the pen is lifted. */
  constructor(canvas: HTMLCanvasElement, onInk: () => void) {
    this.canvas = canvas;
    this.#onInk = onInk;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#moved(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      canvas.addEventListener(end, (event) => this.#up(event));
    }
    // Without these a quick stroke is a fling, a click takes the focus, and a long touch opens a menu.
    for (const type of ["touchstart", "mousedown", "contextmenu"]) {
      canvas.addEventListener(type, (event) => this.isLocked || event.preventDefault(), { passive: false });
    }
    // The ink's colour has changed, whatever changed it: see style.ts.
    canvas.addEventListener("transitionend", () => this.redraw());
  }

  /** Begins to follow the canvas' size and the screen's resolution. */
  connect(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const observer = new ResizeObserver(() => this.redraw());
    observer.observe(this.canvas);
    signal.addEventListener("abort", () => observer.disconnect());
    window.addEventListener("resize", () => this.redraw(), { signal });
  }

  disconnect(): void {
    this.#stop?.abort();
    this.#pen = null;
  }

  get drawing(): Drawing {
    return this.#drawing;
  }

  /** Is the pen down, and its stroke not at its end? */
  get isWriting(): boolean {
    return this.#pen !== null && !this.#pen.isErasing;
  }

  /** Takes another drawing, with a history of its own. Nobody is told. */
  lay(strokes: Stroke[]): void {
    this.#pen = null;
    this.#drawing = new Drawing();
    for (const stroke of strokes) this.#drawing.add(stroke);
    this.redraw();
  }

  /** Changes the drawing, unless the pen writes it. `change` says whether it did. */
  edit(change: (drawing: Drawing) => boolean): void {
    if (!this.#pen && change(this.#drawing)) this.#changed();
  }

  #changed(): void {
    this.redraw();
    this.#onInk();
  }

  /** Draws at the next frame. */
  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const { canvas } = this;
      const pixels = (length: number) => Math.round(length * devicePixelRatio);
      const [width, height] = [pixels(canvas.clientWidth), pixels(canvas.clientHeight)];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const context = canvas.getContext("2d");
      if (!context) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.strokeStyle = getComputedStyle(canvas).color;
      paint(context, this.#drawing.strokes, height / PAD_HEIGHT);
    });
  }

  #down(event: PointerEvent): void {
    const isErasing = event.button === ERASER_BUTTON || this.tool === "eraser";
    if (this.isLocked || this.#pen || (event.button !== 0 && event.button !== ERASER_BUTTON)) return;
    event.preventDefault();
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // Of a pointer that is gone already: the stroke ends at the pad's edge.
    }
    const point = this.#point(event);
    this.#pen = { pointer: event.pointerId, isErasing, last: point };
    if (isErasing) this.#eraseAt(point[0], point[1]);
    else {
      this.#drawing.add([point]);
      this.#changed();
    }
  }

  #moved(event: PointerEvent): void {
    const pen = this.#pen;
    if (pen?.pointer !== event.pointerId) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    let isLonger = false;
    for (const moved of coalesced.length > 0 ? coalesced : [event]) {
      const point = this.#point(moved, pen.last[2]);
      const [dx, dy] = [point[0] - pen.last[0], point[1] - pen.last[1]];
      const distance = Math.hypot(dx, dy);
      if (distance < MIN_STEP) continue;
      if (pen.isErasing) {
        // A quick hand leaves gaps between events, which the eraser must not jump over.
        const nSteps = Math.ceil(distance / ERASER_REACH);
        for (let step = 1; step <= nSteps; step++) {
          this.#eraseAt(pen.last[0] + (step / nSteps) * dx, pen.last[1] + (step / nSteps) * dy);
        }
      } else {
        this.#drawing.extendLast(point);
        isLonger = true;
      }
      pen.last = point;
    }
    if (isLonger) this.#changed();
  }

  #up(event: PointerEvent): void {
    if (this.#pen?.pointer !== event.pointerId) return;
    const { isErasing } = this.#pen;
    this.#pen = null;
    // The eraser has told what it erased.
    if (!isErasing) this.#onInk();
  }

  #eraseAt(x: number, y: number): void {
    if (this.#drawing.erase(x, y, ERASER_REACH)) this.#changed();
  }

  /** Where the pointer is. Only a pen's pressure is measured: a mouse always says 0.5, and fingers say anything. */
  #point(event: PointerEvent, radiusBefore?: number): Point {
    const box = this.canvas.getBoundingClientRect();
    const unitsPerPixel = PAD_HEIGHT / Math.max(box.height, 1);
    const at = (place: number, length: number) => Math.min(Math.max(place, 0), length) * unitsPerPixel;
    const [x, y] = [at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height)];
    const radius = this.penWidth / 2;
    if (event.pointerType !== "pen" || event.pressure <= 0) return [x, y, radius];
    const wanted = radius * (0.4 + 1.2 * Math.min(event.pressure, 1));
    const before = radiusBefore ?? wanted;
    return [x, y, before + PRESSURE_FOLLOWING * (wanted - before)];
  }
}

/** Paints strokes in the context's stroke style. */
export function paint(context: CanvasRenderingContext2D, strokes: readonly Stroke[], pixelsPerUnit: number): void {
  context.setTransform(pixelsPerUnit, 0, 0, pixelsPerUnit, 0, 0);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
}

/** A curve through the middles between points, which rounds the corners that events make. A path has one width, so a
 * change of pressure begins a new one. */
function paintStroke(context: CanvasRenderingContext2D, stroke: Stroke): void {
  const begin = (x: number, y: number, radius: number) => {
    context.lineWidth = 2 * radius;
    context.beginPath();
    context.moveTo(x, y);
  };
  let [x, y, radius] = stroke[0];
  begin(x, y, radius);
  for (const [nextX, nextY, nextRadius] of stroke.slice(1)) {
    const [middleX, middleY] = [(x + nextX) / 2, (y + nextY) / 2];
    context.quadraticCurveTo(x, y, middleX, middleY);
    if (nextRadius !== radius) {
      context.stroke();
      begin(middleX, middleY, nextRadius);
    }
    [x, y, radius] = [nextX, nextY, nextRadius];
  }
  // For a dot this is a line of no length, whose round caps are the dot.
  context.lineTo(x, y);
  context.stroke();
}
