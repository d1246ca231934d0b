// Engines that several pads share: loading, requests, answers and errors.

import type { AnyStroke, Backend, Code, EngineInfo, Reader, ReaderEvent, ReaderModule, Reading } from "./reader";

/** The folder of everything that is loaded later, beside the entry. scripts/build-widget.mjs fills in its name. */
declare const ASSETS: string;

const BACKENDS: readonly string[] = ["auto", "webgpu", "flex", "ndarray"];
/** An unused engine ends after this many milliseconds. The delay keeps it alive while an element is moved. */
const LINGER = 500;
/** Recognition waits at most this many milliseconds for a file of symbols. */
const SYMBOLS_TIMEOUT = 20_000;

export class InklingError extends Error {
  readonly code: Code;

  /** `message` is a sentence for the person. */
  constructor(code: Code, message: string) {
    super(message);
    this.name = "InklingError";
    this.code = code;
  }
}

export interface EngineOptions {
  /** "auto" uses WebGPU if there is a graphics card, else the CPU. */
  backend?: Backend;
  /** The network: "pen", "pen-small", "tiny-bn", or another one in `src`. */
  model?: string;
  /** The folder with `manifest.json` and the weights, if it isn't the package's own. */
  src?: string;
  /** URL of a file of symbols, made by `export("samples")` or by Inkling's Teach page. */
  symbols?: string;
}

/** Callbacks for an engine's news. */
export interface Client {
  onReady?(info: EngineInfo): void;
  /** After a fatal error, nothing can be recognised. */
  onTrouble?(error: InklingError, isFatal: boolean): void;
}

/** A pad's request: strokes and the most digits they can hold, or pixels. */
export type Question = { strokes: readonly AnyStroke[]; digits: number } | ImageData;

interface Asked {
  settle(reading: Reading): void;
  reject(error: unknown): void;
  question: Question;
}

interface Turn {
  pad: number;
  client: Client;
  asked: Asked | null;
  next: Asked | null;
}

const engines = new Map<string, Engine>();

/** Checks options. Throws if one is invalid. */
function checked({ backend = "auto", model = "pen", src, symbols }: EngineOptions) {
  if (!BACKENDS.includes(backend)) {
    throw new InklingError("attribute", `There is no backend called "${backend}". Available: ${BACKENDS.join(", ")}.`);
  }
  const address = (name: string, value: string) => {
    if (!URL.canParse(value, document.baseURI)) {
      throw new InklingError("attribute", `${name}="${value}" isn't a valid URL.`);
    }
    return new URL(value, document.baseURI).href;
  };
  const weights = src ? address("src", src) : new URL(`${ASSETS}weights/`, import.meta.url).href;
  return {
    backend,
    model,
    src: weights.endsWith("/") ? weights : `${weights}/`,
    symbols: symbols ? address("symbols", symbols) : undefined,
  };
}

/** One pad's share of an engine. The first lease starts the engine; after the last is released, its workers end. */
export class Lease {
  #engine: Engine;
  #turn: Turn;

  constructor(options: EngineOptions, client: Client) {
    const wanted = checked(options);
    const key = JSON.stringify(wanted);
    // Another engine may already have replaced the ended one.
    const end = (ended: Engine) => engines.get(key) === ended && engines.delete(key);
    this.#engine = engines.get(key) ?? new Engine(wanted, end);
    engines.set(key, this.#engine);
    this.#turn = this.#engine.join(client);
  }

  /** Recognises. The newest question wins: one that was still waiting rejects with an AbortError. */
  read(question: Question): Promise<Reading> {
    return this.#engine.ask(this.#turn, question);
  }

  /** Cancels all questions. They reject with an AbortError. */
  forget(): void {
    this.#engine.forget(this.#turn);
  }

  /** The wasm reader, once it is loaded. */
  get reader(): Promise<Reader> {
    return this.#engine.reader;
  }

  release(): void {
    this.#engine.leave(this.#turn);
  }
}

class Engine {
  readonly reader: Promise<Reader>;
  #turns = new Map<number, Turn>();
  #nPads = 0;
  #info: EngineInfo | null = null;
  #trouble: [InklingError, boolean] | null = null;
  #running: Reader | null = null;
  #blocked = watchPolicy();
  #linger = 0;
  #hasEnded = false;
  #end: (engine: Engine) => void;

  constructor(options: ReturnType<typeof checked>, onEnd: (engine: Engine) => void) {
    this.#end = onEnd;
    this.reader = this.#start(options);
    this.reader.catch(() => {});
  }

  join(client: Client): Turn {
    clearTimeout(this.#linger);
    const turn: Turn = { pad: this.#nPads++, client, asked: null, next: null };
    this.#turns.set(turn.pad, turn);
    queueMicrotask(() => {
      if (!this.#turns.has(turn.pad)) return;
      if (this.#info) client.onReady?.(this.#info);
      if (this.#trouble) client.onTrouble?.(...this.#trouble);
    });
    return turn;
  }

  leave(turn: Turn): void {
    this.forget(turn);
    this.#turns.delete(turn.pad);
    if (this.#turns.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = window.setTimeout(() => {
      this.#end(this);
      this.#hasEnded = true;
      this.#blocked.stop();
      this.#running?.free();
      this.#running = null;
    }, LINGER);
  }

  forget(turn: Turn): void {
    this.#drop(turn, new DOMException("The request was cancelled.", "AbortError"));
    this.#running?.forget(turn.pad);
  }

  ask(turn: Turn, question: Question): Promise<Reading> {
    return new Promise((settle, reject) => {
      if (!this.#turns.has(turn.pad)) throw new DOMException("The recognizer is closed.", "InvalidStateError");
      if (this.#trouble?.[1]) throw this.#trouble[0];
      turn.next?.reject(new DOMException("A newer request replaced this one.", "AbortError"));
      turn.next = { settle, reject, question };
      this.reader.then(() => this.#next(turn), reject);
    });
  }

  #drop(turn: Turn, why: unknown): void {
    const dropped = [turn.asked, turn.next];
    turn.asked = turn.next = null;
    for (const asked of dropped) asked?.reject(why);
  }

  /** Sends a pad's next question once the previous one is answered. */
  #next(turn: Turn): void {
    if (turn.asked || !turn.next) return;
    turn.asked = turn.next;
    turn.next = null;
    const { question } = turn.asked;
    try {
      if ("data" in question) {
        const { data, width, height } = question;
        this.#running?.readPicture(turn.pad, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height);
      } else {
        const points = question.strokes.flatMap((stroke) => stroke.flatMap(([x, y, radius = 0]) => [x, y, radius]));
        const lengths = question.strokes.map((stroke) => stroke.length);
        this.#running?.read(turn.pad, Float32Array.from(points), Uint32Array.from(lengths), question.digits);
      }
    } catch (error) {
      this.#drop(turn, error);
    }
  }

  async #start({ backend, model, src, symbols }: ReturnType<typeof checked>): Promise<Reader> {
    const missing = ["WebAssembly", "Worker"].find((name) => !(name in globalThis));
    if (missing) throw this.#fail("unsupported", `Handwriting recognition needs ${missing}, which this browser doesn't have.`, true);
    try {
      const { importWasm } = await import(new URL(`${ASSETS}download.js`, import.meta.url).href);
      const { Reader } = (await importWasm("reader")) as ReaderModule;
      const reader = new Reader({ backend, model, weights: src }, (event) => this.#hear(event));
      this.#running = reader;
      if (this.#hasEnded) reader.free();
      if (symbols) {
        await takeSymbols(reader, symbols).catch((error) => this.#fail("symbols", error.message, false));
      }
      return reader;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const cause = await this.#blocked.cause(message);
      throw this.#fail(cause ? "blocked" : "network", cause ?? `Handwriting recognition could not be loaded: ${message}.`, true);
    }
  }

  #hear(event: ReaderEvent): void {
    if (event.type === "ready") {
      const { type, ...info } = event;
      this.#info = info;
      this.#trouble = null;
      this.#blocked.stop();
      for (const { client } of this.#turns.values()) client.onReady?.(info);
    } else if (event.type === "reading") {
      const turn = this.#turns.get(event.pad);
      const asked = turn?.asked;
      if (!turn || !asked) return;
      turn.asked = null;
      asked.settle(event.reading);
      this.#next(turn);
    } else {
      this.#blocked.cause(event.message).then((cause) => {
        this.#fail(cause ? "blocked" : event.code, cause ?? event.message, event.fatal);
      });
    }
  }

  #fail(code: Code, message: string, isFatal: boolean): InklingError {
    const error = new InklingError(code, message);
    this.#trouble = [error, isFatal];
    const turns = [...this.#turns.values()];
    if (isFatal) {
      // A retry gets a new engine.
      this.#end(this);
      this.#blocked.stop();
      for (const turn of turns) this.#drop(turn, error);
    }
    for (const { client } of turns) client.onTrouble?.(error, isFatal);
    return error;
  }
}

async function takeSymbols(reader: Reader, address: string): Promise<void> {
  const response = await fetch(address, { signal: AbortSignal.timeout(SYMBOLS_TIMEOUT) }).catch(() => null);
  if (!response?.ok) {
    const answer = response ? `the server answered ${response.status}` : "the network did not answer";
    throw new Error(`The symbols at ${address} could not be fetched: ${answer}.`);
  }
  await reader.import(new Uint8Array(await response.arrayBuffer())).catch((error) => {
    throw new Error(`The symbols at ${address} cannot be used: ${error.message}`);
  });
}

/** Records violations of the page's Content-Security-Policy from now on. */
function watchPolicy() {
  let violation: SecurityPolicyViolationEvent | null = null;
  const note = (event: SecurityPolicyViolationEvent) => {
    const own = new URL(ASSETS, import.meta.url).origin;
    const isOurs = /^(blob|wasm-eval|trusted-types)/.test(event.blockedURI) || event.blockedURI.startsWith(own);
    if (isOurs && event.disposition === "enforce") violation ??= event;
  };
  document.addEventListener("securitypolicyviolation", note);
  const stop = () => {
    document.removeEventListener("securitypolicyviolation", note);
    violation = null;
  };
  return {
    stop,
    /** Returns a sentence about what was forbidden, if that may be why something failed with `message`. */
    async cause(message: string): Promise<string | undefined> {
      // Violations are reported a little later.
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (!violation && !/Content.Security.Policy/i.test(message)) return undefined;
      const what = violation ? `${violation.effectiveDirective} forbids ${violation.blockedURI}` : "WebAssembly needs 'wasm-unsafe-eval' in script-src";
      return `This page's Content-Security-Policy blocks handwriting recognition: ${what}.`;
    },
  };
}
