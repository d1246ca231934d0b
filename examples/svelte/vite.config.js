import { svelte } from "@sveltejs/vite-plugin-svelte";
import inklingPad from "inkling-pad/vite";

export default { plugins: [svelte(), inklingPad()] };
