import { readGivenFile } from "../read-given-file.ts";
import { StartError } from "../start-error.ts";
import { parseCsv } from "./csv.ts";
import type { User } from "./user.ts";

export interface TokenFile {
  /** By token, in the form in which Node shows the bytes of a header: one character a byte. */
  readonly users: ReadonlyMap<string, User>;
  /** Lines that are passed over or overruled, to be logged. */
  readonly warnings: readonly string[];
}

export const noTokens: TokenFile = { users: new Map(), warnings: [] };

/** Reads kube-apiserver's --token-auth-file: `token,user,uid` and, if need be, `"group1,group2"`. */
export function readTokenFile(path: string): TokenFile {
  return parseTokenFile(path, readGivenFile(path));
}

function parseTokenFile(path: string, text: string): TokenFile {
  const csv = parseCsv(text);
  if (csv.kind === "malformed") throw new StartError("setting", `${path}, line ${csv.line}: ${csv.problem}`);
  const users = new Map<string, User>();
  const warnings: string[] = [];
  for (const { line, fields } of csv.records) {
    const [token, name, uid, groups] = fields;
    if (token === undefined || name === undefined || uid === undefined) {
      throw new StartError(
        "setting",
        `${path}, line ${line}: needs token, user name and uid, found ${fields.length} columns`,
      );
    }
    if (token === "") {
      warnings.push(`${path}, line ${line}: the token is empty, the line is passed over`);
      continue;
    }
    const key = Buffer.from(token).toString("latin1");
    if (users.has(key))
      warnings.push(`${path}, line ${line}: the token stands on an earlier line too, this one counts`);
    // An empty column is one group with an empty name, as it is for kube-apiserver.
    users.set(key, { name, uid, groups: groups?.split(",") ?? [], extra: {} });
  }
  return { users, warnings };
}
