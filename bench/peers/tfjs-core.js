// TensorFlow.js' core less the registration of every optimizer, so that those not used are left out.

import "@tensorflow/tfjs-core/dist/base_side_effects";

export * from "@tensorflow/tfjs-core/dist/base";
