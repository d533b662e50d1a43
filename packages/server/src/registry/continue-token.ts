import { parseJsonValue, type JsonValue } from "@leasehold/api";

/** Where a list goes on: at which key, and at which revision. Opaque to clients, and of kube-apiserver's own form. */
export interface ContinueToken {
  /** The first key that the next page may show, below the collection's prefix. Empty: the first of all. */
  readonly start: string;
  /** The revision of the snapshot; negative to go on with the newest state, once the snapshot is forgotten. */
  readonly revision: number;
}

export type DecodedToken =
  | { readonly kind: "token"; readonly token: ContinueToken }
  | { readonly kind: "malformed"; readonly message: string };

export function encodeContinueToken({ start, revision }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: tokenVersion, rv: revision, start })).toString("base64url");
}

/** The first key behind another: nothing stands between them. */
export function startAfter(key: string): string {
  return `${key}\0`;
}

/**
 * The key behind which a range that begins with `start` begins. A token of ours starts behind a key and leads back to it; for
 * one that a client has made up there is no such key, but no name has a character as high as the one that is used here.
 */
export function keyBefore(start: string): string {
  if (start.endsWith("\0") || start === "") return start.slice(0, -1);
  const last = start.at(-1) ?? "";
  return `${start.slice(0, -1)}${String.fromCodePoint(last.charCodeAt(0) - 1)}\u{10ffff}`;
}

/** Reads a token, with kube-apiserver's own complaints: those of Go's base64 and JSON packages among them. */
export function decodeContinueToken(text: string): DecodedToken {
  const problem = base64Problem(text);
  if (problem !== undefined) return malformed(`: ${problem}`);
  const parsed = parseJsonValue(Buffer.from(text, "base64url"));
  if (parsed.kind === "malformed") return malformed(`: ${parsed.message}`);
  const fields = readFields(parsed.value);
  if (typeof fields === "string") return malformed(`: ${fields}`);
  const { v, rv, start } = fields;
  if (v !== tokenVersion) return malformed(`: server does not recognize this encoded version ${v}`);
  if (rv === 0n) return malformed(`: incorrect encoded start resourceVersion (version ${tokenVersion})`);
  if (start === "") return malformed(`: encoded start key empty (version ${tokenVersion})`);
  const path = start.replace(/^\//, "");
  if (!isCleanPath(path)) return malformed(`: ${start}`);
  return { kind: "token", token: { start: path, revision: clamped(rv) } };
}

const tokenVersion = "meta.k8s.io/v1";

function malformed(problem: string): DecodedToken {
  return { kind: "malformed", message: `invalid continue token: continue key is not valid${problem}` };
}

/** Go's complaint about unpadded base64url text, in which line breaks do not count: a byte that does not belong, or one too many. */
function base64Problem(text: string): string | undefined {
  const wrong = /[^A-Za-z0-9_\-\r\n]/.exec(text);
  if (wrong !== null)
    return `illegal base64 data at input byte ${Buffer.byteLength(text.slice(0, wrong.index))}`;
  if (text.replaceAll(/[\r\n]/g, "").length % 4 === 1)
    return `illegal base64 data at input byte ${text.length - 1}`;
  return undefined;
}

interface TokenFields {
  readonly v: string;
  readonly rv: bigint;
  readonly start: string;
}

const goTypes = { v: "string", rv: "int64", start: "string" } as const satisfies Record<
  keyof TokenFields,
  string
>;

/** The fields, or what Go's JSON package says of the first that does not fit. It takes names in any case, and null for nothing. */
function readFields(value: JsonValue): TokenFields | string {
  const fields = { v: "", rv: 0n, start: "" };
  if (value === null) return fields;
  if (typeof value !== "object" || Array.isArray(value)) {
    return `json: cannot unmarshal ${jsonWord(value)} into Go value of type storage.continueToken`;
  }
  for (const [key, member] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (member === null || member === undefined) continue;
    if (name === "rv" && typeof member === "bigint") fields.rv = member;
    else if ((name === "v" || name === "start") && typeof member === "string") fields[name] = member;
    else if (name === "rv" || name === "v" || name === "start") return misfit(name, member);
  }
  return fields;
}

function misfit(name: keyof TokenFields, value: JsonValue): string {
  const word = name === "rv" && typeof value === "number" ? `number ${value}` : jsonWord(value);
  return `json: cannot unmarshal ${word} into Go struct field continueToken.${name} of type ${goTypes[name]}`;
}

function jsonWord(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return "number";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** No step up, no empty or dot segment: a token must not reach beyond its collection. */
function isCleanPath(path: string): boolean {
  if (path === "") return true;
  return path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

/** Beyond the safe integers there are no revisions, and so one that large is as good as any. */
function clamped(revision: bigint): number {
  if (revision > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  return revision < 0n ? -1 : Number(revision);
}
