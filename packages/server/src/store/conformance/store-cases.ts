import { readCases } from "./read-cases.ts";
import type { StoreCase } from "./store-case.ts";
import { watchCases } from "./watch-cases.ts";
import { writeCases } from "./write-cases.ts";

/** What every store passes. Whoever runs the cases gives each of them a store of its own. */
export const storeCases: readonly StoreCase[] = [...writeCases, ...readCases, ...watchCases];
