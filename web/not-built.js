// Stands in for an engine's script where the development server could not build the engine.

export default async function init() {
  throw new Error("its build failed; the terminal of the development server says why");
}
