// The element's texts in English. A page can add other languages.

/** `{digits}` is how many digits are needed, `{n}` how many there are, `{value}` the recognised value. */
const ENGLISH = {
  label: "Handwritten digits",
  hintOne: "Write a digit",
  hint: "Write {digits} digits",
  undo: "Undo",
  clear: "Clear",
  canvas: "Writing area",
  read: "Read: {value}",
  reading: "Still reading. Try again in a moment.",
  missing: "Write or type the digits.",
  count: "Digits needed: {digits}. Digits found: {n}.",
  bad: "Part of this isn't a digit. Clear it and write again, or type the digits.",
  failed: "Handwriting recognition isn't working here. Type the digits instead.",
};

export type Texts = typeof ENGLISH;

const languages = new Map<string, Partial<Texts>>();

/** Adds or changes texts for a language, such as `de` or `pt-BR`. Missing texts stay English. */
export function addTexts(language: string, texts: Partial<Texts>): void {
  languages.set(language.toLowerCase(), { ...languages.get(language.toLowerCase()), ...texts });
}

/** Returns a text in a language, else in its base language (`de` for `de-AT`), else in English. */
export function say(language: string, text: keyof Texts, values: Record<string, string | number> = {}): string {
  const tag = language.toLowerCase();
  const found = languages.get(tag)?.[text] ?? languages.get(tag.split("-")[0])?.[text] ?? languages.get("en")?.[text];
  return (found ?? ENGLISH[text]).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
