#!/usr/bin/env node
import { codeOfSignal } from "./exit-code.ts";
import { leasehold } from "./leasehold.ts";
import { processSurroundings } from "./surroundings.ts";

// `leasehold watch | head -1`: the reader has gone, and that is no error.
process.stdout.on("error", () => process.exit(codeOfSignal("SIGPIPE")));
process.exitCode = await leasehold(process.argv.slice(2), processSurroundings);
