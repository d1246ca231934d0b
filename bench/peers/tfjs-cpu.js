import "@tensorflow/tfjs-backend-cpu";
import { start } from "./tfjs.js";

start("cpu");
