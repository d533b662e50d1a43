// npm start [-- FLAGS]: `leasehold serve FLAGS` from the sources. The npm script says `exec`: without it, npm's shell would stand
// between npm and the server, die of a SIGTERM meant for the server, and leave it running.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

const node = prepare();
become(node, [join(root, "packages/cli/src/main.ts"), "serve", ...process.argv.slice(2)]);
