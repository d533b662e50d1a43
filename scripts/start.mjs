// npm start [-- FLAGS]: `leasehold serve FLAGS` from the sources.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

const node = prepare();
become(node, [join(root, "packages/cli/src/main.ts"), "serve", ...process.argv.slice(2)]);
