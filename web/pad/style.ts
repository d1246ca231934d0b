// The element's style. Custom properties change it from outside; the page's own styles have no effect inside.

export const STYLE = `
:host {
  --_sheet: var(--inkling-sheet, light-dark(#fffdf7, #1d222b));
  --_ink: var(--inkling-ink, light-dark(#17213b, #f2ecdd));
  --_faded: var(--inkling-faded, light-dark(#5b6274, #a9adb8));
  --_rule: var(--inkling-rule, light-dark(#8b8676, #6b7381));
  --_guide: var(--inkling-guide, light-dark(#d8cfbd, #373e4a));
  --_accent: var(--inkling-accent, light-dark(#bf3a1c, #ff8163));
  --_radius: var(--inkling-radius, 0.5rem);
  all: initial;
  display: inline-block;
  box-sizing: border-box;
  inline-size: var(--inkling-width, var(--_width, 14rem));
  /* A parent that is as wide as its contents sets no limit; the window does. */
  max-inline-size: min(100%, 100vw - 1rem);
  vertical-align: top;
  color: var(--_ink);
  font: var(--inkling-font, 400 1rem/1.4 ui-sans-serif, system-ui, sans-serif);
  color-scheme: inherit;
  direction: inherit;
  visibility: inherit;
  cursor: inherit;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
*, ::before, ::after { box-sizing: border-box; }
.surface {
  position: relative;
  overflow: hidden;
  aspect-ratio: var(--inkling-aspect, var(--_aspect, 1));
  background: var(--_sheet);
  border: 1px solid var(--_rule);
  border-radius: var(--_radius);
}
.surface::before {
  content: "";
  position: absolute;
  inset: 8% min(8%, 1rem);
  border: 1px dashed var(--_guide);
  border-radius: 2px;
  pointer-events: none;
}
canvas {
  position: absolute;
  inset: 0;
  inline-size: 100%;
  block-size: 100%;
  color: inherit;
  /* The end of this transition signals that the ink's colour has changed. */
  transition: color 1ms;
  cursor: crosshair;
  touch-action: none;
  user-select: none;
  -webkit-user-select: none;
  -webkit-touch-callout: none;
  -webkit-tap-highlight-color: transparent;
}
canvas.erasing { cursor: cell; }
.locked canvas { cursor: default; touch-action: auto; }
.hint {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  margin: 0;
  color: var(--_faded);
  font-style: italic;
  pointer-events: none;
  user-select: none;
  -webkit-user-select: none;
  transition: opacity 140ms ease-out;
}
.hint.gone { opacity: 0; }
.row { display: flex; align-items: stretch; gap: 0.25rem; margin-block-start: 0.375rem; }
input {
  flex: 1;
  min-inline-size: 0;
  min-block-size: 2.75rem;
  margin: 0;
  padding: 0 0.625rem;
  border: 1px solid var(--_rule);
  border-radius: var(--_radius);
  background: var(--_sheet);
  color: inherit;
  font: inherit;
  font-size: 1.25em;
  font-variant-numeric: tabular-nums lining-nums;
  letter-spacing: 0.12em;
}
.buttons { display: flex; gap: 0.25rem; }
button {
  display: grid;
  place-items: center;
  min-inline-size: 2.75rem;
  padding: 0;
  border: 1px solid var(--_rule);
  border-radius: var(--_radius);
  background: var(--_sheet);
  color: inherit;
  cursor: pointer;
  touch-action: manipulation;
}
button:disabled { color: var(--_faded); cursor: default; }
button:disabled svg { opacity: 0.4; }
@media (hover: hover) { button:hover:enabled { background: color-mix(in srgb, currentcolor 10%, var(--_sheet)); } }
svg { inline-size: 1.375rem; fill: none; stroke: currentcolor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
.status { margin: 0.25rem 0 0; padding: 0.25rem 0.5rem; border-radius: var(--_radius); background: var(--_sheet); color: var(--_accent); font-size: 0.875em; }
.status:empty { display: none; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:host(:disabled) { opacity: 0.55; }
:host([plain]) { display: block; inline-size: auto; block-size: 100%; }
:host([plain]) .surface { block-size: 100%; aspect-ratio: auto; border: 0; border-radius: 0; background: none; }
:host([plain]) .surface::before, :host([plain]) .row, :host([plain]) .status { display: none; }
:host([hidden]) { display: none; }
@media (forced-colors: active) { .surface, input, button { border: 1px solid CanvasText; } }
`;
