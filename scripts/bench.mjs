// npm run bench [-- ...]: what a renewal costs, on this machine, now.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

become(prepare(), [join(root, "bench/main.ts"), ...process.argv.slice(2)]);
