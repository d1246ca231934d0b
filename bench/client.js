// The measurements in a contestant's page, all through `window.bench`. The driver evaluates this file in the page, so
// it isn't a module. Every function takes a time limit in seconds.

{
  const PIXELS = 784;
  const BATCH = 256;
  const TRAIN_BATCH = 32;
  const N_DIGITS = 10_000;
  // performance.now() has a resolution of 0.1 ms in a page that isn't cross-origin isolated.
  const CLOCK_MS = 0.1;
  // Shader compilation is a small part of anything that takes longer than this.
  const TOO_SLOW_MS = 10_000;

  let digits;

  async function fetchDigits(url) {
    digits ??= new Uint8Array(await (await fetch(url)).arrayBuffer());
  }

  function images(from, n) {
    return Float32Array.from(digits.subarray(from * PIXELS, (from + n) * PIXELS), (pixel) => pixel / 255);
  }

  const label = (index) => digits[N_DIGITS * PIXELS + index];
  const now = () => performance.now();

  function quantile(values, q) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.ceil((sorted.length - 1) * q)];
  }

  async function timed(work) {
    const start = now();
    await work();
    return now() - start;
  }

  /** Runs `work` once to warm up, then until the time is up. If the warm-up takes this long, it counts. */
  async function repeat(work, seconds) {
    const first = await timed(work);
    if (first > TOO_SLOW_MS) return [first];
    const times = [];
    const end = now() + 1000 * seconds;
    do times.push(await timed(work));
    while (now() < end);
    return times;
  }

  async function logits(n) {
    return Array.from(await bench.predictBatch(images(0, n), n));
  }

  /** One image with read-back. The median is over groups longer than a clock step, p95 over single answers. */
  async function one(seconds) {
    const x = Array.from({ length: 64 }, (_, id) => images(id, 1));
    let id = 0;
    const predict = () => bench.predict(x[id++ % x.length]);
    const warm = await repeat(predict, seconds / 2);
    const mean = warm.reduce((sum, ms) => sum + ms, 0) / warm.length;
    const group = Math.ceil((50 * CLOCK_MS) / Math.max(mean, CLOCK_MS / 10));
    if (group === 1) return { p50_ms: quantile(warm, 0.5), p95_ms: quantile(warm, 0.95), n: warm.length };
    const means = [];
    const singles = [];
    const end = now() + 1000 * seconds;
    while (now() < end) {
      means.push(
        (await timed(async () => {
          for (let i = 0; i < group; i++) await predict();
        })) / group,
      );
      for (let i = 0; i < group; i++) singles.push(await timed(predict));
    }
    return { p50_ms: quantile(means, 0.5), p95_ms: quantile(singles, 0.95), n: singles.length + means.length * group };
  }

  async function batch(seconds) {
    const x = images(0, BATCH);
    const times = await repeat(() => bench.predictBatch(x, BATCH), seconds);
    return { images_per_s: (1000 * BATCH) / quantile(times, 0.5), n: times.length };
  }

  /** The test digits in batches, or as many as there is time for. Assembling the batches isn't counted. */
  async function test(seconds) {
    let ms = 0;
    let correct = 0;
    let n = 0;
    while (n < N_DIGITS && ms < 1000 * seconds) {
      const size = Math.min(BATCH, N_DIGITS - n);
      const x = images(n, size);
      const start = now();
      const output = await bench.predictBatch(x, size);
      ms += now() - start;
      for (let i = 0; i < size; i++) {
        const row = output.subarray(i * 10, i * 10 + 10);
        correct += row.indexOf(Math.max(...row)) === label(n + i) ? 1 : 0;
      }
      n += size;
    }
    return { seconds: ms / 1000, n, accuracy: correct / n };
  }

  async function train({ optimizer, lr, scope }, seconds) {
    if (!bench.trainSetup || bench.supports?.train === null) throw new Error("cannot train");
    await bench.trainSetup({ optimizer, lr, scope, batch: TRAIN_BATCH });
    const batches = Array.from({ length: 16 }, (_, i) => ({
      x: images(i * TRAIN_BATCH, TRAIN_BATCH),
      y: Uint8Array.from({ length: TRAIN_BATCH }, (_, k) => label(i * TRAIN_BATCH + k)),
    }));
    const losses = [];
    let step = 0;
    /** Reads back only the last loss, which also waits for the steps before it. */
    const steps = (n) =>
      timed(async () => {
        for (let i = 1; i <= n; i++) {
          const { x, y } = batches[step++ % batches.length];
          const loss = await bench.trainStep(x, y, i === n);
          if (i === n) losses.push(loss);
        }
      });
    const first_ms = await steps(1);
    let n = 1;
    let ms = await steps(n);
    // Grows until a run takes about the given time; that run provides the figure.
    while (ms < 500 * seconds) {
      n = Math.min(8 * n, Math.max(n + 1, Math.round((n * 1000 * seconds) / Math.max(ms, 1))));
      ms = await steps(n);
    }
    return { steps_per_s: (1000 * n) / ms, n, first_ms, losses: losses.slice(0, 2) };
  }

  window.client = { fetchDigits, load: (spec) => bench.load(spec), logits, one, batch, test, train };
}
