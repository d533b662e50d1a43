// npm run bench [-- NAME ...]: what a renewal costs, on this machine, now; or what the folder of that name in bench/ measures.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

const [name = "", ...rest] = process.argv.slice(2);
const named = join(root, "bench", name, "main.ts");
become(
  prepare(),
  name !== "" && existsSync(named)
    ? [named, ...rest]
    : [join(root, "bench/main.ts"), ...process.argv.slice(2)],
);
