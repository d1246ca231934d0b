// Recognition without an element: strokes or pixels in, digits out.

import { type Client, type EngineOptions, Lease, type Question } from "./engine";
import { readStrokes } from "./drawing";
import type { AnyStroke, EngineInfo, Lesson, Progress, Reading, Sample } from "./reader";

export { type EngineOptions, InklingError } from "./engine";
export type * from "./reader";

export interface RecognizeOptions {
  /** At most so many digits, 1 to 12; with 1 (the default) taught symbols are read too. Pixels hold one digit. */
  digits?: number;
  signal?: AbortSignal;
}

export interface FineTuneOptions {
  /** What learns: "all" layers (the default) or the "last" one. */
  layers?: "all" | "last";
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** What is read: strokes, or pixels of one digit, dark on light or light on dark. */
export type Ink = readonly AnyStroke[] | ImageData | HTMLCanvasElement | OffscreenCanvas;

/**
 * Starts an engine, or shares one that runs with the same options.
 *
 * @throws {InklingError} if nothing here can read
 */
export async function createRecognizer(options: EngineOptions = {}): Promise<Recognizer> {
  const recognizer = new Recognizer(options);
  try {
    await recognizer.ready;
  } catch (error) {
    recognizer.close();
    throw error;
  }
  return recognizer;
}

export class Recognizer {
  /** What reads; rejects with an {@link InklingError} where nothing can. */
  readonly ready: Promise<EngineInfo>;
  #lease: Lease;
  /** For what {@link recognizeNewest} asks, which nothing else is to overtake. */
  #newest: Lease;
  #last: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(options: EngineOptions, client: Client = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<EngineInfo>();
    this.ready = promise;
    promise.catch(() => {});
    this.#lease = new Lease(options, {
      onReady(info) {
        resolve(info);
        client.onReady?.(info);
      },
      onTrouble(error, isFatal) {
        if (isFatal) reject(error);
        client.onTrouble?.(error, isFatal);
      },
    });
    this.#newest = new Lease(options, {});
  }

  /** Reads. Calls wait for each other. */
  async recognize(ink: Ink, { digits = 1, signal }: RecognizeOptions = {}): Promise<Reading> {
    const asked = question(ink, digits);
    const reading = this.#last.then(() => {
      signal?.throwIfAborted();
      return this.#lease.read(asked);
    });
    this.#last = reading.catch(() => {});
    if (!signal) return reading;
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    return Promise.race([reading, promise]).finally(() => signal.removeEventListener("abort", abort));
  }

  /** Reads what is newest: what is overtaken by another call rejects with an AbortError. @internal */
  recognizeNewest(strokes: readonly AnyStroke[], digits: number): Promise<Reading> {
    return this.#newest.read({ strokes, digits });
  }

  /** What {@link recognizeNewest} was asked is wanted no more. @internal */
  forgetNewest(): void {
    this.#newest.forget();
  }

  /** Teaches what `label` looks like: a symbol is recognised from its first drawing on, a digit is learnt by {@link fineTune}. */
  async teach(label: string, strokes: readonly AnyStroke[]): Promise<void> {
    const sample = { label, strokes: readStrokes(strokes, 0) };
    await (await this.#lease.reader).teach([sample]);
  }

  /** Lets the network learn drawings of digits: these and those that were taught. */
  async fineTune(samples: Sample[] = [], { layers = "all", onProgress, signal }: FineTuneOptions = {}): Promise<Lesson> {
    const read = samples.map(({ label, strokes }) => ({ label, strokes: readStrokes(strokes, 0) }));
    const reader = await this.#lease.reader;
    signal?.throwIfAborted();
    const cancel = () => reader.cancel();
    signal?.addEventListener("abort", cancel);
    try {
      return await reader.fineTune(read, { layers }, onProgress ?? (() => {}));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** A file of all that was taught (JSON), or of the network that was fine-tuned (safetensors). */
  async export(what: "samples" | "network" = "samples"): Promise<Blob> {
    const reader = await this.#lease.reader;
    if (what === "samples") return new Blob([reader.exportSamples()], { type: "application/json" });
    const bytes = reader.exportNetwork();
    if (!bytes) throw new Error("There is no fine-tuned network: fineTune() has not been called, or its network was not better.");
    return new Blob([bytes], { type: "application/octet-stream" });
  }

  /** Takes a file of {@link export}, or of Inkling's Teach page: all of it or nothing. */
  async import(file: Blob): Promise<{ samples: number; network: boolean }> {
    const reader = await this.#lease.reader;
    return reader.import(new Uint8Array(await file.arrayBuffer()));
  }

  /** Forgets all that was taught. */
  async forget(): Promise<void> {
    (await this.#lease.reader).forgetTaught();
  }

  /** Ends the engine, unless somebody else uses it. */
  close(): void {
    this.#lease.release();
    this.#newest.release();
  }
}

function question(ink: Ink, digits: number): Question {
  if (!Number.isInteger(digits) || digits < 1 || digits > 12) {
    throw new RangeError("digits must be a whole number from 1 to 12");
  }
  if (Array.isArray(ink)) return { strokes: readStrokes(ink, 0), digits };
  if (ink instanceof ImageData) return ink;
  const canvas = ink as HTMLCanvasElement | OffscreenCanvas;
  const context = canvas.getContext?.("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (!context) throw new TypeError("only strokes, ImageData and canvases with a 2D context can be read");
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
