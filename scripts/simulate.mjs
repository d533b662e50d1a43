// npm run simulate [-- --seeds N --from SEED --trace]: elections under seeded trouble, in virtual time.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

become(prepare(), [join(root, "simulation/main.ts"), ...process.argv.slice(2)]);
