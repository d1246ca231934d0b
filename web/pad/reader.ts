// What `reader.js`, the wasm behind the pad (src/reader), takes and gives.

/** `x`, `y` and, where known, half the ink's width. `y` grows downwards; any unit will do that is the same in a whole drawing. */
export type AnyPoint = [x: number, y: number, radius?: number];
export type AnyStroke = AnyPoint[];

/** A drawing of what it is labelled with: a digit, or any other text for a symbol. */
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
  /** `null` where the ink is no digit. */
  label: string | null;
  /** `doubtful` is a digit of less than 80 % confidence; `too-little` is ink that could be anything. */
  kind: "digit" | "doubtful" | "symbol" | "none" | "too-little";
  /** That it is what it is read as, 0 to 1. */
  confidence: number;
  /** Of 0 to 9, given that it is a digit; they sum to 1. */
  probabilities: number[];
  /** That it is a digit at all, 0 to 1; 1 where the network has not learnt to tell. */
  digitProbability: number;
  /** From where to where it reaches, in the units of the strokes; `null` for a single digit. */
  cell: [left: number, right: number] | null;
  /** What else it may be, the likeliest first. */
  alternatives: Alternative[];
}

export interface Reading {
  /** From left to right; "?" stands for ink that is no digit. */
  value: string;
  digits: Digit[];
  /** Time in the engine, in milliseconds. */
  latency: number;
  backend: string;
  model: string;
}

/** What reads, and why it is this. */
export interface EngineInfo {
  backend: string;
  device: string;
  model: string;
  why: string;
}

export interface Progress {
  stage: "loading" | "learning" | "comparing";
  /** Steps of training done, and in all. */
  step: number;
  steps: number;
  loss: number;
  /** On the samples that are held back, 0 to 1. */
  accuracy: number | null;
  secondsLeft: number | null;
}

export interface Score {
  correct: number;
  total: number;
}

export interface Figures {
  /** On the samples that were held back. */
  hand: Score | null;
  /** On 1,000 of MNIST's test digits. */
  mnist: Score;
}

export interface Lesson {
  before: Figures;
  after: Figures;
  /** Does the fine-tuned network read from now on? It does unless it has become worse. */
  used: boolean;
}

export type Backend = "auto" | "webgpu" | "flex" | "ndarray";

export type ReaderEvent =
  | ({ type: "ready" } & EngineInfo)
  | { type: "reading"; pad: number; reading: Reading }
  | { type: "trouble"; code: Code; message: string; fatal: boolean };

/** What can go wrong. */
export type Code =
  /** A file could not be fetched. */
  | "network"
  /** The page's Content-Security-Policy forbids what is needed. */
  | "blocked"
  /** No engine runs, or one broke. */
  | "engine"
  /** WebGPU was asked for and is not there. */
  | "no-webgpu"
  /** There is no such network. */
  | "model"
  /** The network's weights are damaged. */
  | "weights"
  /** The set of symbols cannot be used. */
  | "symbols"
  /** An attribute's value means nothing. */
  | "attribute"
  /** The browser lacks something. */
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
