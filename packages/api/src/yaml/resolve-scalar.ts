/** What a plain scalar is, as kube-apiserver's YAML 1.1 reader decides it. */
export type ResolvedScalar =
  | { readonly kind: "string" | "timestamp" | "merge"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "null"; readonly value: null }
  /** Integers are bigints, also beyond 64 bits of sign and value only as far as unsigned ones reach. */
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number };

/**
 * Resolves a plain scalar: `on`, `off`, `yes`, `no`, `y` and `n` are booleans, `0x1F`, `0b1`, `017` and `1_000` numbers.
 * Numbers to the base of 60 are strings, and so are times, though they count as something that must be quoted.
 */
export function resolveScalar(text: string): ResolvedScalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charAt(0);
  if (first === ".") return floatOf(text) ?? { kind: "string", value: text };
  if (!/[-+\d]/.test(first)) return { kind: "string", value: text };
  if (isTimestamp(text)) return { kind: "timestamp", value: text };
  const plain = text.replaceAll("_", "");
  return integerOf(text, plain) ?? styledFloat(plain) ?? { kind: "string", value: text };
}

const words: ReadonlyMap<string, ResolvedScalar> = new Map([
  ...inCases({ kind: "bool", value: true }, ["y", "yes", "true", "on"]),
  ...inCases({ kind: "bool", value: false }, ["n", "no", "false", "off"]),
  ...inCases({ kind: "null", value: null }, ["null", "~", ""]),
  ...inCases({ kind: "float", value: Number.POSITIVE_INFINITY }, [".inf", "+.inf"]),
  ...inCases({ kind: "float", value: Number.NEGATIVE_INFINITY }, ["-.inf"]),
  ...([".nan", ".NaN", ".NAN"] as const).map((word) => [word, { kind: "float", value: Number.NaN }] as const),
  ["<<", { kind: "merge", value: "<<" }],
]);

/** Words in small letters, in capitals, and with a capital first. */
function inCases(
  scalar: ResolvedScalar,
  list: readonly string[],
): readonly (readonly [string, ResolvedScalar])[] {
  return list.flatMap((word) => {
    const capitalized = word.replace(/[a-z]/, (letter) => letter.toUpperCase());
    return [word, capitalized, word.toUpperCase()].map((form) => [form, scalar] as const);
  });
}

/**
 * Integers as Go reads them with a base from their prefix. Underscores have gone from `plain`; a lone zero in front means
 * octal, and what is then no octal number may still be a floating-point one.
 */
function integerOf(...[, plain]: readonly [text: string, plain: string]): ResolvedScalar | undefined {
  const parts = /^([-+]?)(?:0[xX]([\dA-Fa-f]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(plain);
  if (parts === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = parts;
  const digits = hex === undefined ? (binary === undefined ? octal : `0b${binary}`) : `0x${hex}`;
  const magnitude = BigInt(octal === undefined ? (digits ?? decimal ?? "0") : `0o${octal}`);
  const value = sign === "-" ? -magnitude : magnitude;
  const isSigned = value === BigInt.asIntN(64, value);
  // Unsigned numbers have no sign, not even a positive one.
  const isUnsigned = sign === "" && value === BigInt.asUintN(64, value);
  return isSigned || isUnsigned ? { kind: "int", value } : undefined;
}

function styledFloat(plain: string): ResolvedScalar | undefined {
  const isStyled = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain);
  return isStyled ? finite(plain) : undefined;
}

/** What begins with a point is read by Go's own rules: digits may have underscores only in numbers with a prefix. */
function floatOf(text: string): ResolvedScalar | undefined {
  return /^\.\d+(?:[eE][-+]?\d+)?$/.test(text) ? finite(text) : undefined;
}

/** Go refuses what is too large, and then it is a string. */
function finite(text: string): ResolvedScalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "float", value } : undefined;
}

const date = String.raw`\d{4}-\d\d?-\d\d?`;
const clock = String.raw`\d\d?:\d\d?:\d\d?(?:[.,]\d+)?`;
const timestamp = new RegExp(String.raw`^${date}(?:[Tt]${clock}(?:Z|[-+]\d\d:\d\d)| ${clock})?$`);

function isTimestamp(text: string): boolean {
  return timestamp.test(text);
}
