// npm run torture [-- ...]: kills, failing disks and many clients at once, and a proof that nothing acknowledged was lost.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

become(prepare(), [join(root, "torture/main.ts"), ...process.argv.slice(2)]);
