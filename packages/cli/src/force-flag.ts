import type { Flag } from "./flag.ts";
import { switchFlag } from "./flag-rows.ts";

/** `--force`, with what it does to what is there already. */
export function forceFlag(help: string): Flag<boolean> {
  return switchFlag({ flag: "force", help });
}
