// The writing surface: turns mouse, finger and pen input into strokes on a canvas.

import { Drawing, type Point, type Stroke } from "./drawing";

export type Tool = "pen" | "eraser";

/** Height of every pad in pad units, so that a drawing doesn't depend on the pad's size. */
export const PAD_HEIGHT = 1000;
/** The eraser's reach in pad units. */
const ERASER_REACH = 22;
/** Shorter movements, in pad units, are ignored: a resting pen sends events too. */
const MIN_STEP = 0.1;
/** The share of a pressure change that one event applies. */
const PRESSURE_FOLLOWING = 0.4;
/** `PointerEvent.button` of a pen's eraser end. */
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
  /** Whether the surface ignores the pen. */
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
    // Otherwise a quick stroke scrolls, a click takes the focus, and a long touch opens a menu.
    for (const type of ["touchstart", "mousedown", "contextmenu"]) {
      canvas.addEventListener(type, (event) => this.isLocked || event.preventDefault(), { passive: false });
    }
    // The ink's colour has changed, for whatever reason: see style.ts.
    canvas.addEventListener("transitionend", () => this.redraw());
  }

  /** Starts to follow the canvas's size and the screen's resolution. */
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

  /** Whether a stroke is being drawn. */
  get isWriting(): boolean {
    return this.#pen !== null && !this.#pen.isErasing;
  }

  /** Replaces the drawing and starts a new history, without calling `onInk`. */
  lay(strokes: Stroke[]): void {
    this.#pen = null;
    this.#drawing = new Drawing();
    for (const stroke of strokes) this.#drawing.add(stroke);
    this.redraw();
  }

  /** Changes the drawing, unless the pen is down. `change` returns whether it changed anything. */
  edit(change: (drawing: Drawing) => boolean): void {
    if (!this.#pen && change(this.#drawing)) this.#changed();
  }

  #changed(): void {
    this.redraw();
    this.#onInk();
  }

  /** Draws in the next frame. */
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
      // The pointer is already gone: the stroke ends at the pad's edge.
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
        // Fast movements leave gaps between events, which the eraser must not skip.
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
    // The eraser has already reported its changes.
    if (!isErasing) this.#onInk();
  }

  #eraseAt(x: number, y: number): void {
    if (this.#drawing.erase(x, y, ERASER_REACH)) this.#changed();
  }

  /** Returns the pointer's position. Only a pen's pressure counts: a mouse always reports 0.5, a finger anything. */
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

/** Paints strokes with the context's stroke style. */
export function paint(context: CanvasRenderingContext2D, strokes: readonly Stroke[], pixelsPerUnit: number): void {
  context.setTransform(pixelsPerUnit, 0, 0, pixelsPerUnit, 0, 0);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
}

/** Paints a curve through the midpoints between points, which rounds the corners between events. A path has one width,
 * so a change of pressure starts a new path. */
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
  // For a dot this is a line of zero length, whose round caps form the dot.
  context.lineTo(x, y);
  context.stroke();
}
