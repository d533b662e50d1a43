import type { ConformanceCase } from "./case.ts";
import { getCases } from "./areas/get.ts";

/** Everything that a client can see, by area; the order is that of reading. */
export const areas: ReadonlyMap<string, readonly ConformanceCase[]> = new Map([["get", getCases]]);
