/** Where a list goes on: after which key, and at which revision. Opaque to clients, and of kube-apiserver's own form. */
export interface ContinueToken {
  /** The key after which the next page begins, below the collection's prefix. */
  readonly after: string;
  /** The revision of the snapshot; -1 to go on with the newest state, once the snapshot is forgotten. */
  readonly revision: number;
}

export type DecodedToken =
  | { readonly kind: "token"; readonly token: ContinueToken }
  | { readonly kind: "malformed"; readonly message: string };

/** The start is the first key that the next page may show: the last one shown, plus a zero byte. */
export function encodeContinueToken({ after, revision }: ContinueToken): string {
  const token = { v: "meta.k8s.io/v1", rv: revision, start: `${after}\0` };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

export function decodeContinueToken(text: string): DecodedToken {
  const problem = base64Problem(text);
  if (problem !== undefined) return malformed(`continue key is not valid: ${problem}`);
  const fields = parseFields(Buffer.from(text, "base64url").toString());
  if (fields === undefined) {
    return malformed("continue key is not valid: invalid character in the decoded token");
  }
  if (fields.v !== "meta.k8s.io/v1") {
    return malformed(`continue key is not valid: server does not recognize this encoded version ${fields.v}`);
  }
  if (fields.rv === 0) {
    return malformed(
      "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  }
  if (fields.start === "") {
    return malformed("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  }
  if (!isCleanPath(fields.start)) return malformed(`continue key is not valid: ${fields.start}`);
  const start = fields.start.replace(/^\//, "");
  const after = start.endsWith("\0") ? start.slice(0, -1) : start;
  return { kind: "token", token: { after, revision: fields.rv } };
}

function malformed(message: string): DecodedToken {
  return { kind: "malformed", message: `invalid continue token: ${message}` };
}

/** Go's complaint about unpadded base64url text: the first byte that does not belong, or a length that cannot be. */
function base64Problem(text: string): string | undefined {
  const wrong = /[^A-Za-z0-9_-]/.exec(text);
  if (wrong !== null) return `illegal base64 data at input byte ${wrong.index}`;
  if (text.length % 4 === 1) return `illegal base64 data at input byte ${text.length - 1}`;
  return undefined;
}

function parseFields(text: string): { v: string; rv: number; start: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { v = "", rv = 0, start = "" } = value as Record<string, unknown>;
    if (typeof v !== "string" || typeof start !== "string") return undefined;
    return Number.isSafeInteger(rv) ? { v, rv: Number(rv), start } : undefined;
  } catch {
    return undefined;
  }
}

/** No step up, no empty or dot segment: a token must not reach beyond its collection. */
function isCleanPath(start: string): boolean {
  const segments = start.replace(/^\//, "").split("/");
  return segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
}
