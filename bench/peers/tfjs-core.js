// TensorFlow.js' core without the registration of every optimizer, so that unused ones are left out.

import "@tensorflow/tfjs-core/dist/base_side_effects";

export * from "@tensorflow/tfjs-core/dist/base";
