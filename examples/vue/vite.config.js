import vue from "@vitejs/plugin-vue";
import inklingPad from "inkling-pad/vite";

const isCustomElement = (tag) => tag === "inkling-pad";

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), inklingPad()] };
