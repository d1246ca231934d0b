// The input and output types of `reader.js`, the wasm behind the pad (src/reader).

/** `x`, `y` and, if known, half the ink's width. `y` grows downwards. Any unit works if the whole drawing uses it. */
export type AnyPoint = [x: number, y: number, radius?: number];
export type AnyStroke = AnyPoint[];

/** A labelled drawing. The label is a digit, or any other text for a symbol. */
export interface Sample {
  label: string;
  strokes: AnyStroke[];
}

export interface Alternative {
  label: string;
  /** 0 to 1. */
  probability: number;
}

export interface Digit {
  /** `null` if the ink isn't a digit. */
  label: string | null;
  /** `doubtful` is a digit with less than 80 % confidence. `too-little` is too little ink to tell. */
  kind: "digit" | "doubtful" | "symbol" | "none" | "too-little";
  /** How probable the reading is, 0 to 1. */
  confidence: number;
  /** Probabilities of 0 to 9, given that it is a digit; they sum to 1. */
  probabilities: number[];
  /** How probable it is that this is a digit at all, 0 to 1; always 1 if the network hasn't learnt to tell. */
  digitProbability: number;
  /** Left and right edge, in the units of the strokes; `null` for a single digit. */
  cell: [left: number, right: number] | null;
  /** Other possible readings, the likeliest first. */
  alternatives: Alternative[];
}

export interface Reading {
  /** From left to right; "?" stands for ink that isn't a digit. */
  value: string;
  digits: Digit[];
  /** Time in the engine, in milliseconds. */
  latency: number;
  backend: string;
  model: string;
}

/** The engine in use, and why it was chosen. */
export interface EngineInfo {
  backend: string;
  device: string;
  model: string;
  why: string;
}

export interface Progress {
  stage: "loading" | "learning" | "comparing";
  /** Training steps done, and their total. */
  step: number;
  steps: number;
  loss: number;
  /** Accuracy on the held-back samples, 0 to 1. */
  accuracy: number | null;
  secondsLeft: number | null;
}

export interface Score {
  correct: number;
  total: number;
}

export interface Figures {
  /** On the held-back samples. */
  hand: Score | null;
  /** On 1,000 of MNIST's test digits. */
  mnist: Score;
}

export interface Lesson {
  before: Figures;
  after: Figures;
  /** Whether the fine-tuned network is used from now on. It is used only if it reads better. */
  used: boolean;
}

export type Backend = "auto" | "webgpu" | "flex" | "ndarray";

export type ReaderEvent =
  | ({ type: "ready" } & EngineInfo)
  | { type: "reading"; pad: number; reading: Reading }
  | { type: "trouble"; code: Code; message: string; fatal: boolean };

/** Codes for what can go wrong. */
export type Code =
  /** A file could not be fetched. */
  | "network"
  /** The page's Content-Security-Policy forbids something that the pad needs. */
  | "blocked"
  /** No engine runs, or one failed. */
  | "engine"
  /** WebGPU was requested but isn't available. */
  | "no-webgpu"
  /** The network is unknown. */
  | "model"
  /** The network's weights are damaged. */
  | "weights"
  /** The file of symbols cannot be used. */
  | "symbols"
  /** An attribute's value is invalid. */
  | "attribute"
  /** The browser lacks a required feature. */
  | "unsupported";

export interface Reader {
  read(pad: number, points: Float32Array, lengths: Uint32Array, digits: number): void;
  readPicture(pad: number, rgba: Uint8Array, width: number, height: number): void;
  forget(pad: number): void;
  teach(samples: Sample[]): Promise<void>;
  fineTune(samples: Sample[], options: { layers?: "all" | "last" }, onProgress: (progress: Progress) => void): Promise<Lesson>;
  cancel(): void;
  exportSamples(): string;
  exportNetwork(): Uint8Array<ArrayBuffer> | undefined;
  import(bytes: Uint8Array): Promise<{ samples: number; network: boolean }>;
  forgetTaught(): void;
  free(): void;
}

export interface ReaderModule {
  Reader: new (
    options: { backend: Backend; model: string; weights: string },
    listener: (event: ReaderEvent) => void,
  ) => Reader;
}
