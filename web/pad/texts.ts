// What the element says, in English; other languages are added by whoever needs them.

/** `{digits}` is how many digits are wanted, `{n}` how many there are, `{value}` what was read. */
const ENGLISH = {
  label: "Handwritten digits",
  hintOne: "Write a digit",
  hint: "Write {digits} digits",
  undo: "Undo",
  clear: "Clear",
  canvas: "Pad to write on",
  read: "Read: {value}",
  reading: "Still reading. Try again in a moment.",
  missing: "Write or type the digits.",
  count: "{digits} digits are needed; there are {n}.",
  bad: "Part of this is no digit. Clear it and write again, or type it.",
  failed: "Handwriting cannot be read here. Type the digits instead.",
};

export type Texts = typeof ENGLISH;

const languages = new Map<string, Partial<Texts>>();

/** Adds or changes texts of a language, such as `de` or `pt-BR`; what is left out stays English. */
export function addTexts(language: string, texts: Partial<Texts>): void {
  languages.set(language.toLowerCase(), { ...languages.get(language.toLowerCase()), ...texts });
}

/** A text in a language, or in the one that it is a kind of, or in English. */
export function say(language: string, text: keyof Texts, values: Record<string, string | number> = {}): string {
  const tag = language.toLowerCase();
  const found = languages.get(tag)?.[text] ?? languages.get(tag.split("-")[0])?.[text] ?? languages.get("en")?.[text];
  return (found ?? ENGLISH[text]).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
