import * as ort from "onnxruntime-web/wasm";
import { start } from "./ort.js";

start(ort, "wasm");
