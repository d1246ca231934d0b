// The package's entry. It defines `<inkling-pad>` once, even if it is loaded several times.

import { InklingPad } from "./element";

// A page may load the element from two places.
if (globalThis.customElements && !customElements.get("inkling-pad")) customElements.define("inkling-pad", InklingPad);

declare global {
  interface HTMLElementTagNameMap {
    "inkling-pad": InklingPad;
  }
}

export { InklingPad, type InklingPadEventMap } from "./element";
export { type EngineOptions, type FineTuneOptions, type Ink, InklingError, Recognizer, type RecognizeOptions, createRecognizer } from "./recognizer";
export type * from "./reader";
export type { Texts } from "./texts";
