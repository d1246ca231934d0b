import "@tensorflow/tfjs-backend-webgpu";
import { start } from "./tfjs.js";

start("webgpu");
