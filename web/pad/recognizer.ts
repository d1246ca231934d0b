// Recognition without the element: strokes or pixels in, digits out.

import { type Client, type EngineOptions, Lease, type Question } from "./engine";
import { readStrokes } from "./drawing";
import type { AnyStroke, EngineInfo, Lesson, Progress, Reading, Sample } from "./reader";

export { type EngineOptions, InklingError } from "./engine";
export type * from "./reader";

export interface RecognizeOptions {
  /** The most digits, 1 to 12. With 1 (the default), taught symbols are recognised too. Pixels hold one digit. */
  digits?: number;
  signal?: AbortSignal;
}

export interface FineTuneOptions {
  /** The layers to train: "all" (the default) or the "last" one. */
  layers?: "all" | "last";
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** Input: strokes, or pixels of one digit, dark on light or light on dark. */
export type Ink = readonly AnyStroke[] | ImageData | HTMLCanvasElement | OffscreenCanvas;

/**
 * Starts an engine, or shares one that already runs with the same options.
 *
 * @throws {InklingError} if no engine can run here
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
  /** Resolves with the engine in use; rejects with an {@link InklingError} if none can run. */
  readonly ready: Promise<EngineInfo>;
  #lease: Lease;
  /** The lease for {@link recognizeNewest}, so that no other request replaces its requests. */
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

  /** Recognises ink. Calls wait for each other. */
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

  /** Recognises the newest ink. A newer call makes this one reject with an AbortError. @internal */
  recognizeNewest(strokes: readonly AnyStroke[], digits: number): Promise<Reading> {
    return this.#newest.read({ strokes, digits });
  }

  /** Cancels the request of {@link recognizeNewest}. @internal */
  forgetNewest(): void {
    this.#newest.forget();
  }

  /** Teaches what `label` looks like. A symbol is recognised from its first drawing. Digits need {@link fineTune}. */
  async teach(label: string, strokes: readonly AnyStroke[]): Promise<void> {
    const sample = { label, strokes: readStrokes(strokes, 0) };
    await (await this.#lease.reader).teach([sample]);
  }

  /** Trains the network on drawings of digits: these, and those already taught. */
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

  /** Returns a file with everything that was taught (JSON), or with the fine-tuned network (safetensors). */
  async export(what: "samples" | "network" = "samples"): Promise<Blob> {
    const reader = await this.#lease.reader;
    if (what === "samples") return new Blob([reader.exportSamples()], { type: "application/json" });
    const bytes = reader.exportNetwork();
    if (!bytes) throw new Error("There is no fine-tuned network. Either fineTune() was not called, or its network was not better.");
    return new Blob([bytes], { type: "application/octet-stream" });
  }

  /** Imports a file made by {@link export} or by Inkling's Teach page: all of it or nothing. */
  async import(file: Blob): Promise<{ samples: number; network: boolean }> {
    const reader = await this.#lease.reader;
    return reader.import(new Uint8Array(await file.arrayBuffer()));
  }

  /** Forgets everything that was taught. */
  async forget(): Promise<void> {
    (await this.#lease.reader).forgetTaught();
  }

  /** Ends the engine, unless something else still uses it. */
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
  if (!context) throw new TypeError("ink must be strokes, ImageData, or a canvas with a 2D context");
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
