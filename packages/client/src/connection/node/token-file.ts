import { readFile } from "node:fs/promises";
import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { SettingsError } from "../errors.ts";

export interface FileToken {
  /** The token as it was in the file a minute ago at most. Rejects with a SettingsError while the file cannot be read. */
  readonly read: () => Promise<string>;
  /** The server refused it: it is read anew next time. */
  forget(): void;
}

/** A token that somebody else replaces in its file, as a kubelet does. */
export function fileToken(path: string, clock: Clock): FileToken {
  let known: { readonly token: string; readonly atMs: number } | undefined;
  return {
    async read() {
      const nowMs = clock.monotonicMs();
      if (known === undefined || nowMs - known.atMs >= limits.tokenFileEveryMs)
        known = { token: await tokenIn(path), atMs: nowMs };
      return known.token;
    },
    forget() {
      known = undefined;
    },
  };
}

async function tokenIn(path: string): Promise<string> {
  const token = (await textOfFile(path)).trim();
  if (token === "" || /\s/.test(token)) throw new SettingsError(`${path} holds no token`);
  return token;
}

/** A file that a setting names. */
export async function textOfFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new SettingsError(
      `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
