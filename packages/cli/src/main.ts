#!/usr/bin/env node
import { leasehold } from "./leasehold.ts";
import { processSurroundings } from "./surroundings.ts";

process.exitCode = await leasehold(process.argv.slice(2), processSurroundings);
