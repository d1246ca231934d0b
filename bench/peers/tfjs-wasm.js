import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { env } from "@tensorflow/tfjs-core";
import { start } from "./tfjs.js";

setWasmPaths("./");
setThreadsCount(1);
// Where a page is cross-origin isolated, it would fetch the build with threads even for one.
env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
start("wasm");
