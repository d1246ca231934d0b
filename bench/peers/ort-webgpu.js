import * as ort from "onnxruntime-web/jspi";
import { start } from "./ort.js";

start(ort, "webgpu");
