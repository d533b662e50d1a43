#!/usr/bin/env node
// `leasehold` from the sources, from any directory: alias leasehold=/path/to/scripts/leasehold.mjs. `npm start` is its `serve`; the npm
// script says `exec`: without it, npm's shell would stand between npm and the server, die of a SIGTERM meant for it, and leave it running.

import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

const node = prepare();
become(node, [join(root, "packages/cli/src/main.ts"), ...process.argv.slice(2)]);
