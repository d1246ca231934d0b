import react from "@vitejs/plugin-react";
import inklingPad from "inkling-pad/vite";

export default { plugins: [react(), inklingPad()] };
