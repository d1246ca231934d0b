import "@tensorflow/tfjs-backend-webgl";
import { start } from "./tfjs.js";

start("webgl");
