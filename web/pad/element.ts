// `<inkling-pad>`: a form field for handwritten or typed digits.

import { type Point, type Stroke, readStrokes } from "./drawing";
import { type FineTuneOptions, InklingError, Recognizer } from "./recognizer";
import type { AnyStroke, Backend, EngineInfo, Lesson, Reading, Sample } from "./reader";
import { STYLE } from "./style";
import { PAD_HEIGHT, Surface, type Tool, paint } from "./surface";
import { type Texts, addTexts, say } from "./texts";

const MAX_DIGITS = 12;
/** Widths of the ink in pad units: for a single digit, and for the smaller digits of a number. */
const [INK_OF_ONE, INK_OF_MANY] = [76, 38];
/** Height of the picture that toBlob() makes, in pixels. */
const PICTURE_HEIGHT = 400;
/** The longest label of a symbol. */
const MAX_LABEL = 40;

const STRINGS = ["name", "backend", "model", "src", "symbols", "theme", "loading", "placeholder"] as const;
/** Properties and their attributes. */
const FLAGS = { required: "required", disabled: "disabled", readOnly: "readonly", plain: "plain" } as const;
const ENGINE = ["backend", "model", "src", "symbols"];
const isWholeNumber = (value: string) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_DIGITS;
/** Checks of attribute values. */
const CHECKS: Record<string, [isRight: (value: string) => boolean, wanted: string]> = {
  digits: [isWholeNumber, `a whole number from 1 to ${MAX_DIGITS}`],
  "min-digits": [isWholeNumber, `a whole number from 1 to ${MAX_DIGITS}`],
  "pen-width": [(value) => Number(value) > 0 && Number(value) < PAD_HEIGHT, `a number between 0 and ${PAD_HEIGHT}`],
  theme: [(value) => ["auto", "light", "dark"].includes(value), "auto, light or dark"],
  loading: [(value) => ["lazy", "eager", "manual"].includes(value), "lazy, eager or manual"],
};
/** Codes of errors that the page's developer can fix and that don't stop recognition. */
const FOR_DEVELOPERS = ["attribute", "model", "no-webgpu", "symbols"];

/** The pad's content, saved for when the browser restores the page. */
interface Kept {
  value: string;
  strokes: Stroke[];
}

export interface InklingPadEventMap extends HTMLElementEventMap {
  /** The engine is ready. */
  "inkling-ready": CustomEvent<EngineInfo>;
  /**
   * The ink was recognised, possibly while still being written. `probabilities` and `alternatives` are those of the
   * first digit.
   */
  "inkling-prediction": CustomEvent<Reading & Pick<Reading["digits"][number], "probabilities" | "alternatives">>;
  /** Something does not work. The field still takes typed digits. */
  "inkling-error": CustomEvent<Pick<InklingError, "code" | "message">>;
  /** The ink has changed, or the pen was lifted. */
  "inkling-ink": CustomEvent<null>;
}

// The module can also be imported where there is no document, such as in server-side rendering.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * A field for handwritten digits and taught symbols.
 *
 * docs: the package's README.md
 */
export class InklingPad extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = [...STRINGS, ...Object.values(FLAGS), "value", "digits", "min-digits", "pen-width", "lang", "aria-label", "aria-describedby"];

  /** Adds or changes texts for a language. Missing texts stay English. */
  static addTexts(language: string, texts: Partial<Texts>): void {
    addTexts(language, texts);
  }

  declare name: string;
  declare backend: Backend;
  declare model: string;
  declare src: string;
  declare symbols: string;
  declare theme: "auto" | "light" | "dark";
  /**
   * When the engine is loaded: "lazy", once the element is visible or touched; "eager", at once; "manual", only by
   * {@link recognize}.
   */
  declare loading: "lazy" | "eager" | "manual";
  declare placeholder: string;
  declare required: boolean;
  declare disabled: boolean;
  declare readOnly: boolean;
  /** Whether to show only the surface, for a page that shows the rest itself. */
  declare plain: boolean;

  #internals!: ElementInternals;
  #proportions = sheetOf("");
  /** The number of digits that `#proportions` is for. */
  #proportioned = 0;
  #surface!: Surface;
  #row!: HTMLElement;
  #input!: HTMLInputElement;
  #hint!: HTMLElement;
  #status!: HTMLElement;
  #spoken!: HTMLElement;
  #undo!: HTMLButtonElement;
  #clear!: HTMLButtonElement;

  #value = "";
  /** The value at the last `change` event. */
  #committed = "";
  /** Whether the value no longer follows the attribute. */
  #isDirty = false;
  /** The value set by the page, until the person changes it. */
  #assigned: string | null = null;
  /** Whether the value was recognised from ink, not typed. */
  #isOfInk = false;
  #isDisabled = false;
  /** Whether the ink can't be the value, because part of it isn't a digit or there are too many digits. */
  #isBad = false;
  /** How many digits the ink has, if there are too many; else 0. */
  #nTooMany = 0;
  /** Whether the ink is still to be recognised. */
  #isPending = false;
  /** Counts changes of ink and value, so that a late reading doesn't change the value. */
  #revision = 0;
  #hasSymbols = false;
  #customError = "";
  #recognizer: Recognizer | null = null;
  /** Whether recognition failed. It is then tried again with the next drawing. */
  #hasFailed = false;
  #observer: IntersectionObserver | null = null;
  #isSeen = false;
  #ready = promised<EngineInfo>();

  constructor() {
    super();
    this.#internals = this.attachInternals();
    this.#internals.setFormValue("");
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    shared ??= sheetOf(STYLE);
    root.adoptedStyleSheets = [shared, this.#proportions];
    const canvas = make("canvas", { part: "canvas", role: "img" });
    this.#hint = make("p", { class: "hint", part: "hint", "aria-hidden": "true" });
    this.#input = make("input", { part: "input", autocomplete: "off", spellcheck: "false" });
    this.#undo = make("button", { type: "button", part: "undo" }, icon("M9 5 4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3"));
    this.#clear = make("button", { type: "button", part: "clear" }, icon("M6 6l12 12M18 6 6 18"));
    this.#status = make("p", { class: "status", part: "status", role: "alert" });
    this.#spoken = make("p", { class: "unseen", role: "status" });
    const buttons = make("div", { class: "buttons", part: "buttons" }, this.#undo, this.#clear);
    this.#row = make("div", { class: "row", part: "field" }, this.#input, buttons);
    root.append(
      make("div", { class: "surface", part: "surface" }, make("slot", { name: "under" }), canvas, this.#hint, make("slot", {})),
      this.#status,
      this.#spoken,
    );
    canvas.addEventListener("pointerdown", () => this.#touched());
    this.#surface = new Surface(canvas, () => this.#inkChanged());

    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("change", () => this.#commit());
    this.#input.addEventListener("keydown", (event) => {
      // Enter submits the form, as in any other field.
      if (event.key === "Enter" && !event.isComposing) this.#submit();
    });
    this.#undo.addEventListener("click", () => this.undo());
    this.#clear.addEventListener("click", () => this.clear());
    root.addEventListener("focusin", () => {
      // Labels may have been added after the element.
      this.#layOut();
      this.#wake();
    });
  }

  connectedCallback(): void {
    for (const name of [...STRINGS, ...Object.keys(FLAGS), "value", "strokes", "digits", "minDigits", "penWidth", "tool"]) this.#upgrade(name);
    this.#surface.connect();
    this.#layOut();
    this.#observer = new IntersectionObserver((entries) => {
      this.#isSeen = entries.some((entry) => entry.isIntersecting);
      this.#wakeIfDue();
    });
    this.#observer.observe(this);
    this.#wakeIfDue();
    // The element was removed before its ink was recognised.
    if (this.#isPending) this.#wake();
  }

  disconnectedCallback(): void {
    this.#surface.disconnect();
    this.#observer?.disconnect();
    this.#isSeen = false;
    this.#release();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (["value", "digits", "symbols"].includes(name)) this.#takeAgain();
    if (ENGINE.includes(name)) {
      const wasInUse = this.#recognizer !== null || this.#hasFailed;
      this.#release();
      this.#tryAgain();
      if (wasInUse) this.#wake();
    }
    this.#wakeIfDue();
    const [isRight, wanted] = CHECKS[name] ?? [];
    if (after !== null && isRight && !isRight(after.trim())) {
      const error = new InklingError("attribute", `${name}="${after}" isn't valid: it must be ${wanted}.`);
      queueMicrotask(() => this.#trouble(error, false));
    }
    this.#layOut();
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.#isDisabled = isDisabled;
    this.#layOut();
    this.#wakeIfDue();
  }

  formResetCallback(): void {
    this.#isDirty = false;
    this.#assigned = null;
    this.#lay([]);
    this.#takeAgain();
  }

  formStateRestoreCallback(state: string | File | FormData | null): void {
    if (typeof state !== "string") return;
    try {
      const { value, strokes }: Kept = JSON.parse(state);
      this.#isDirty = true;
      this.#lay(readStrokes(strokes, this.penWidth / 2));
      this.#take(value);
      this.#committed = value;
      // The page was left before the ink was recognised.
      if (value === "") this.#inkChanged();
    } catch {
      // A browser that autofills forms passes only the value.
      this.value = state;
    }
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  get type(): string {
    return this.localName;
  }

  get validity(): ValidityState {
    return this.#internals.validity;
  }

  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.#internals.willValidate;
  }

  get labels(): NodeList {
    return this.#internals.labels;
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  setCustomValidity(message: string): void {
    this.#customError = message;
    this.#validate();
  }

  /** The digits, or the label of a symbol. Setting a different value removes the ink. */
  get value(): string {
    return this.#value;
  }

  set value(value: string) {
    this.#isDirty = true;
    // Frameworks set the value that the element just reported.
    if (String(value ?? "") === this.#value) return;
    this.#assigned = String(value ?? "");
    this.#lay([]);
    this.#takeAgain();
  }

  get defaultValue(): string {
    return this.getAttribute("value") ?? "";
  }

  set defaultValue(value: string) {
    this.setAttribute("value", value);
  }

  /** How many digits to enter, 1 to 12. With 1, taught symbols are recognised too. */
  get digits(): number {
    const digits = Number(this.getAttribute("digits") ?? 1);
    return Number.isInteger(digits) && digits >= 1 && digits <= MAX_DIGITS ? digits : 1;
  }

  set digits(digits: number) {
    this.setAttribute("digits", String(digits));
  }

  /** The minimum number of digits. The default is {@link digits}. */
  get minDigits(): number {
    const least = Number(this.getAttribute("min-digits") ?? this.digits);
    return Number.isInteger(least) && least >= 1 ? Math.min(least, this.digits) : this.digits;
  }

  set minDigits(digits: number) {
    this.setAttribute("min-digits", String(digits));
  }

  /** Width of the ink in pad units. The pad is 1000 units high. */
  get penWidth(): number {
    const width = Number(this.getAttribute("pen-width"));
    return width > 0 && width < PAD_HEIGHT ? width : this.digits > 1 ? INK_OF_MANY : INK_OF_ONE;
  }

  set penWidth(width: number) {
    this.setAttribute("pen-width", String(width));
  }

  /** "pen" or "eraser". The eraser removes whole strokes. */
  get tool(): Tool {
    return this.#surface.tool;
  }

  set tool(tool: Tool) {
    this.#surface.tool = tool === "eraser" ? "eraser" : "pen";
    this.#surface.canvas.classList.toggle("erasing", tool === "eraser");
  }

  /** The ink: strokes of [x, y, half the ink's width] in pad units. Setting it starts a new undo history. */
  get strokes(): Stroke[] {
    return structuredClone(this.#surface.drawing.strokes) as Stroke[];
  }

  set strokes(strokes: readonly AnyStroke[]) {
    this.#lay(readStrokes(strokes, this.penWidth / 2));
    this.#inkChanged();
  }

  /** Whether a stroke is being drawn. */
  get isWriting(): boolean {
    return this.#surface.isWriting;
  }

  get canUndo(): boolean {
    return this.#surface.drawing.canUndo;
  }

  get canRedo(): boolean {
    return this.#surface.drawing.canRedo;
  }

  /** Resolves once handwriting can be recognised; rejects with an {@link InklingError} if it can't. */
  get ready(): Promise<EngineInfo> {
    return this.#ready.promise;
  }

  undo(): void {
    this.#surface.edit((drawing) => drawing.undo());
  }

  redo(): void {
    this.#surface.edit((drawing) => drawing.redo());
  }

  /** Removes the ink and the value. Undo brings the ink back. */
  clear(): void {
    this.#surface.edit((drawing) => drawing.clear());
    this.#accept("");
    this.#commit();
  }

  /** Recognises the current ink. Starts the engine if necessary. */
  async recognize(): Promise<Reading> {
    const revision = this.#revision;
    const reading = await this.#use().recognize(this.strokes, { digits: this.digits });
    if (this.loading === "manual") this.#heard(reading, revision);
    return reading;
  }

  /** Returns the ink as a picture, black on white; `null` if the browser cannot make it. */
  toBlob(type = "image/png", quality?: number): Promise<Blob | null> {
    const { clientWidth, clientHeight } = this.#surface.canvas;
    const scale = PICTURE_HEIGHT / PAD_HEIGHT;
    const canvas = document.createElement("canvas");
    canvas.height = PICTURE_HEIGHT;
    canvas.width = Math.round(PICTURE_HEIGHT * (clientHeight ? clientWidth / clientHeight : aspect(this.digits)));
    const context = canvas.getContext("2d");
    if (!context) return Promise.resolve(null);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = "#000";
    paint(context, this.#surface.drawing.strokes, scale);
    return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  }

  /** Teaches what `label` looks like, from these strokes or those on the pad: see {@link Recognizer.teach}. */
  async teach(label: string, strokes: readonly AnyStroke[] = this.strokes): Promise<void> {
    await this.#use().teach(label, strokes);
    this.#hasSymbols ||= !/^[0-9]$/.test(label);
    this.#layOut();
  }

  /** Trains the network on drawings of digits: see {@link Recognizer.fineTune}. */
  async fineTune(samples: Sample[] = [], options: FineTuneOptions = {}): Promise<Lesson> {
    return this.#use().fineTune(samples, options);
  }

  /** Exports what was taught as a file: see {@link Recognizer.export}. */
  async export(what: "samples" | "network" = "samples"): Promise<Blob> {
    return this.#use().export(what);
  }

  /** Imports such a file: see {@link Recognizer.import}. */
  async import(file: Blob): Promise<{ samples: number; network: boolean }> {
    const taken = await this.#use().import(file);
    this.#hasSymbols ||= taken.samples > 0;
    this.#layOut();
    return taken;
  }

  /** Passes a property that was set before the element was defined through its setter. */
  #upgrade(name: string): void {
    if (!Object.hasOwn(this, name)) return;
    const self = this as Record<string, unknown>;
    const value = self[name];
    delete self[name];
    self[name] = value;
  }

  get #language(): string {
    return (this.closest("[lang]") as HTMLElement | null)?.lang || document.documentElement.lang || "en";
  }

  #say(text: keyof Texts, values: Record<string, string | number> = {}): string {
    return say(this.#language, text, { digits: this.digits, ...values });
  }

  /** Applies the attributes to what is shown. */
  #layOut(): void {
    const { digits } = this;
    const isLocked = this.#isDisabled || this.readOnly;
    const surface = this.#surface;
    surface.penWidth = this.penWidth;
    surface.isLocked = isLocked;
    const box = surface.canvas.parentElement as HTMLElement;
    box.classList.toggle("locked", isLocked);
    // Removed, not just hidden, because Chrome asks Google how to fill in every field of a document.
    if (this.plain) this.#row.remove();
    else if (!this.#row.parentNode) box.after(this.#row);
    if (digits !== this.#proportioned) {
      this.#proportioned = digits;
      this.#proportions.replaceSync(`:host { --_aspect: ${aspect(digits)}; --_width: ${10 + 4 * Math.min(digits, 8)}rem; }`);
    }
    const label = this.getAttribute("aria-label");
    surface.canvas.ariaLabel = (this.plain && label) || this.#say("canvas");
    this.#hint.textContent = this.getAttribute("placeholder") ?? this.#say(digits === 1 ? "hintOne" : "hint");
    this.#input.disabled = this.#isDisabled;
    this.#input.readOnly = this.readOnly;
    this.#input.inputMode = this.#takesSymbols ? "text" : "numeric";
    const labels = [...this.#internals.labels].map((label) => label.textContent?.trim());
    this.#input.ariaLabel = label || labels.join(" ") || this.#say("label");
    const described = this.getAttribute("aria-describedby")?.split(/\s+/) ?? [];
    const root = this.getRootNode() as Document | ShadowRoot;
    this.#input.ariaDescription = described.map((id) => root.getElementById?.(id)?.textContent ?? "").join(" ") || null;
    this.#input.ariaRequired = String(this.required);
    this.#undo.title = this.#undo.ariaLabel = this.#say("undo");
    this.#clear.title = this.#clear.ariaLabel = this.#say("clear");
    this.#showInk();
  }

  /** Updates hint, buttons and validity for the current ink and value. */
  #showInk(): void {
    const { isLocked, drawing } = this.#surface;
    this.#hint.classList.toggle("gone", !drawing.isBlank);
    this.#undo.disabled = isLocked || !drawing.canUndo;
    this.#clear.disabled = isLocked || (drawing.isBlank && this.#value === "");
    this.#validate();
  }

  /** Replaces the ink without changing the value. */
  #lay(strokes: Stroke[]): void {
    this.#surface.lay(strokes);
    this.#forgetReading();
  }

  /** Cancels the pending recognition. */
  #forgetReading(): void {
    this.#recognizer?.forgetNewest();
    this.#revision++;
    this.#isPending = this.#isBad = false;
    this.#nTooMany = 0;
  }

  get #takesSymbols(): boolean {
    return this.digits === 1 && (this.#hasSymbols || this.symbols !== "");
  }

  /** Returns the part of a value that this field allows. */
  #allowed(value: string): string {
    if (this.#takesSymbols) return value.slice(0, MAX_LABEL);
    return value.normalize("NFKC").replace(/[^0-9]/g, "").slice(0, this.digits);
  }

  /** Applies the page's value again, since the allowed part of it may have changed. */
  #takeAgain(): void {
    const given = this.#isDirty ? this.#assigned : this.defaultValue;
    if (given === null) return this.#showInk();
    this.#take(this.#allowed(given));
    this.#committed = this.#value;
  }

  /** Sets the value; `shown` is the text in the field. */
  #take(value: string, shown = value): void {
    this.#value = value;
    if (this.#input.value !== shown) this.#input.value = shown;
    this.#keep();
    this.#showInk();
  }

  /** Passes the value to the form, and to the browser what it needs to restore the field. */
  #keep(): void {
    const { strokes } = this.#surface.drawing;
    const kept: Kept = { value: this.#value, strokes: strokes.map((stroke) => stroke.map((point) => point.map(Math.round) as Point)) };
    this.#internals.setFormValue(this.#value, JSON.stringify(kept));
  }

  /** Sets the value that the person wrote or cleared. */
  #accept(value: string, shown = value): void {
    const isNew = value !== this.#value;
    this.#isPending = false;
    this.#isBad = shown !== value;
    this.#isDirty = true;
    this.#isOfInk = false;
    this.#assigned = null;
    this.#take(value, shown);
    if (isNew) this.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  }

  /** Reports the final value with a `change` event. */
  #commit(): void {
    if (this.#value === this.#committed) return;
    this.#committed = this.#value;
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #typed(): void {
    const { value, selectionStart } = this.#input;
    const allowed = this.#allowed(value);
    this.#forgetReading();
    this.#isDirty = true;
    this.#isOfInk = false;
    this.#assigned = null;
    this.#take(allowed);
    const left = (selectionStart ?? value.length) - (value.length - allowed.length);
    if (allowed !== value) this.#input.setSelectionRange(left, left);
  }

  #submit(): void {
    const { form } = this;
    const button = [...(form?.elements ?? [])].find((e) => "type" in e && (e.type === "submit" || e.type === "image")) as HTMLButtonElement | undefined;
    this.#commit();
    if (!button?.disabled) form?.requestSubmit(button);
  }

  #validate(): void {
    const { digits, minDigits } = this;
    const n = this.#nTooMany || this.#value.length;
    const isNumber = /^[0-9]*$/.test(this.#value);
    const flags: ValidityStateFlags = {
      customError: this.#customError !== "" || this.#isPending,
      badInput: this.#isBad,
      valueMissing: this.required && this.#value === "",
      tooShort: n > 0 && n < minDigits && isNumber,
      tooLong: this.#nTooMany > 0 || (n > digits && isNumber),
    };
    const message =
      this.#customError ||
      (this.#isPending && this.#say("reading")) ||
      ((flags.tooShort || flags.tooLong) && this.#say("count", { digits: minDigits === digits ? digits : `${minDigits}–${digits}`, n })) ||
      (this.#isBad && this.#say("bad")) ||
      (flags.valueMissing && this.#say("missing")) ||
      "";
    this.#internals.setValidity(flags, message, this.#row.parentNode ? this.#input : undefined);
    this.#input.ariaInvalid = String(this.#isBad);
  }

  #inkChanged(): void {
    const { drawing, isWriting } = this.#surface;
    this.#revision++;
    this.dispatchEvent(new CustomEvent("inkling-ink", { bubbles: true, composed: true }));
    if (!isWriting) this.#keep();
    if (this.loading === "manual") return this.#showInk();
    if (drawing.isBlank) {
      this.#forgetReading();
      // Typed digits stay.
      this.#accept(this.#isOfInk ? "" : this.#value);
      this.#commit();
    } else if (!this.#hasFailed) {
      this.#isPending = true;
      this.#showInk();
      // In a number, the unfinished stroke doesn't belong to a digit yet.
      if (this.digits > 1 && isWriting) return;
      if (this.#recognizer) this.#ask();
      else this.#wake();
    } else {
      this.#showInk();
    }
  }

  /** Requests the recognition of the ink. */
  #ask(): void {
    const revision = this.#revision;
    this.#recognizer?.recognizeNewest(this.#surface.drawing.strokes, this.digits).then(
      (reading) => this.#heard(reading, revision),
      // Replaced by a newer request, or an error that every client of the engine gets.
      () => {},
    );
  }

  #heard(reading: Reading, revision: number): void {
    const [{ probabilities, alternatives } = { probabilities: [], alternatives: [] }] = reading.digits;
    this.#tell("inkling-prediction", { ...reading, probabilities, alternatives });
    if (revision !== this.#revision || this.isWriting) return;
    this.#hasSymbols ||= reading.digits.some((digit) => digit.kind === "symbol");
    this.#nTooMany = reading.digits.length > this.digits ? reading.digits.length : 0;
    const isBad = this.#nTooMany > 0 || reading.digits.some((digit) => digit.label === null);
    this.#accept(isBad ? "" : reading.value, reading.value);
    this.#isOfInk = true;
    this.#commit();
    this.#spoken.textContent = isBad ? this.validationMessage : this.#say("read", { value: reading.value });
  }

  /** Handles a pen that touches the pad. If recognition failed, each new drawing tries again. */
  #touched(): void {
    if (this.#surface.drawing.isBlank) this.#tryAgain();
    const focused = (this.getRootNode() as Document | ShadowRoot).activeElement;
    // Who writes here has finished in the other field.
    if (focused instanceof HTMLElement && focused !== this && !this.#surface.isLocked) focused.blur();
    this.#wake();
  }

  /** Allows another try if recognition failed. */
  #tryAgain(): void {
    if (this.#hasFailed) this.#ready = promised();
    this.#hasFailed = false;
  }

  #wakeIfDue(): void {
    if (this.loading === "eager" || (this.loading === "lazy" && this.#isSeen)) this.#wake();
  }

  /** Starts the engine, unless it is running, must wait, or failed to start. */
  #wake(): void {
    const isLocked = this.#isDisabled || this.readOnly;
    if (this.#recognizer || this.#hasFailed || isLocked || this.loading === "manual" || !this.isConnected) return;
    try {
      this.#use();
      if (this.#isPending) this.#ask();
    } catch (error) {
      this.#trouble(error as InklingError, true);
    }
  }

  /** Returns the engine. Starts it if necessary. */
  #use(): Recognizer {
    if (this.#recognizer) return this.#recognizer;
    // Nothing would end the engine.
    if (!this.isConnected) throw new DOMException("The pad is not in a document.", "InvalidStateError");
    this.#tryAgain();
    this.#recognizer = new Recognizer(
      { backend: this.backend, model: this.model, src: this.src || undefined, symbols: this.symbols || undefined },
      {
        onReady: (info) => {
          this.#status.textContent = "";
          this.#ready.resolve(info);
          this.#tell("inkling-ready", info);
        },
        onTrouble: (error, isFatal) => this.#trouble(error, isFatal),
      },
    );
    return this.#recognizer;
  }

  #release(): void {
    this.#recognizer?.close();
    this.#recognizer = null;
  }

  #trouble(error: InklingError, isFatal: boolean): void {
    const { code, message } = error;
    const what = isFatal ? code : message;
    if ((isFatal || FOR_DEVELOPERS.includes(code)) && !told.has(what)) {
      console.warn(`<inkling-pad>: ${message}`);
      told.add(what);
    }
    if (isFatal) {
      this.#ready.reject(error);
      this.#release();
      this.#hasFailed = true;
      this.#isPending = false;
      this.#status.textContent = this.#say("failed");
      this.#validate();
    }
    this.#tell("inkling-error", { code, message });
  }

  #tell<T>(type: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** Returns a promise with its resolvers. An unhandled rejection is not reported. */
function promised<T>(): PromiseWithResolvers<T> {
  const promised = Promise.withResolvers<T>();
  promised.promise.catch(() => {});
  return promised;
}

/** Makes an element of the shadow tree. Doesn't use innerHTML, which pages may forbid. */
function make<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string>, ...children: Element[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function icon(path: string): SVGElement {
  const create = (name: string) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const [svg, line] = [create("svg"), create("path")] as [SVGElement, SVGElement];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

let shared: CSSStyleSheet | undefined;
/** Messages already in the console. Each appears once for all elements. */
const told = new Set<string>();

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/** Returns the ratio of a pad's width to its height for this many digits. */
function aspect(digits: number): number {
  return digits === 1 ? 1 : Math.min(0.55 * digits + 0.45, 5.5);
}

const DEFAULTS: Record<string, string> = { backend: "auto", model: "pen", theme: "auto", loading: "lazy" };

for (const name of STRINGS) {
  Object.defineProperty(InklingPad.prototype, name, {
    get(this: InklingPad) {
      return this.getAttribute(name) || (DEFAULTS[name] ?? "");
    },
    set(this: InklingPad, value: string) {
      this.setAttribute(name, value);
    },
    enumerable: true,
    configurable: true,
  });
}

for (const [name, attribute] of Object.entries(FLAGS)) {
  Object.defineProperty(InklingPad.prototype, name, {
    get(this: InklingPad) {
      return this.hasAttribute(attribute);
    },
    set(this: InklingPad, value: boolean) {
      this.toggleAttribute(attribute, Boolean(value));
    },
    enumerable: true,
    configurable: true,
  });
}
