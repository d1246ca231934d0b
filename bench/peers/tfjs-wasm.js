import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { env } from "@tensorflow/tfjs-core";
import { start } from "./tfjs.js";

setWasmPaths("./");
setThreadsCount(1);
// In a cross-origin isolated page it would fetch the threaded build even for one thread.
env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
start("wasm");
