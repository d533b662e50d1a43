import { compareText, quote, type JsonValue } from "@leasehold/api";

/** A decoded JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, keys sorted. */
export function goPrint(value: JsonValue): string {
  return print(value, {
    scalar: (scalar) =>
      scalar === null ? "<nil>" : typeof scalar === "number" ? goNumber(scalar) : String(scalar),
    list: { open: "[", separator: " ", close: "]" },
    map: { open: "map[", separator: " ", close: "]" },
    key: (key) => key,
  });
}

/** A decoded JSON value as Go's `%s` prints it, to which only text is text: `%!s(int64=5)`. */
export function goText(value: JsonValue): string {
  return print(value, {
    scalar: (scalar) =>
      typeof scalar === "string"
        ? scalar
        : `%!s(${goType(scalar)}${scalar === null ? "" : `=${goPrint(scalar)}`})`,
    list: { open: "[", separator: " ", close: "]" },
    map: { open: "map[", separator: " ", close: "]" },
    key: (key) => key,
  });
}

/** A decoded JSON value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: JsonValue): string {
  return print(value, {
    scalar: (scalar) =>
      scalar === null
        ? "interface {}(nil)"
        : typeof scalar === "string"
          ? quote(scalar)
          : typeof scalar === "number"
            ? goNumber(scalar)
            : String(scalar),
    list: { open: "[]interface {}{", separator: ", ", close: "}" },
    map: { open: "map[string]interface {}{", separator: ", ", close: "}" },
    key: quote,
  });
}

/** The Go type of a value as `parseJsonValue` reads it, as `%T` prints it: integers are bigints, other numbers are not. */
export function goType(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "number") return "float64";
  return isJsonList(value) ? "[]interface {}" : "map[string]interface {}";
}

/** Whether a JSON value is a list: `Array.isArray` does not narrow readonly arrays. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function sortedEntries(value: Readonly<Record<string, JsonValue | undefined>>): [string, JsonValue][] {
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) if (item !== undefined) entries.push([key, item]);
  return entries.toSorted(([a], [b]) => compareText(a, b));
}

type Scalar = null | boolean | number | bigint | string;

interface Brackets {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
}

interface PrintStyle {
  readonly scalar: (value: Scalar) => string;
  readonly list: Brackets;
  readonly map: Brackets;
  readonly key: (key: string) => string;
}

/** Keeps a list of what is still to be printed and not the stack: a body may nest deeper than that. */
function print(value: JsonValue, style: PrintStyle): string {
  let text = "";
  const rest: (string | { readonly value: JsonValue })[] = [{ value }];
  while (rest.length > 0) {
    const next = rest.pop();
    if (next === undefined || typeof next === "string") text += next ?? "";
    else if (next.value === null || typeof next.value !== "object") text += style.scalar(next.value);
    else for (const piece of pieces(next.value, style).toReversed()) rest.push(piece);
  }
  return text;
}

function pieces(
  value: Extract<JsonValue, object>,
  style: PrintStyle,
): (string | { readonly value: JsonValue })[] {
  if (isJsonList(value)) {
    const { open, separator, close } = style.list;
    return [
      open,
      ...value.flatMap((item, i) => (i === 0 ? [{ value: item }] : [separator, { value: item }])),
      close,
    ];
  }
  const { open, separator, close } = style.map;
  const members = sortedEntries(value).flatMap(([key, item], i) => [
    `${i === 0 ? "" : separator}${style.key(key)}:`,
    { value: item },
  ]);
  return [open, ...members, close];
}

/** A float64: with an exponent below 1e-4 and from 1e6 on, of two digits at least. */
function goNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const exponent = value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  const size = Number(exponent.slice(exponent.indexOf("e") + 1));
  return value !== 0 && (size < -4 || size >= 6) ? exponent : String(value);
}
