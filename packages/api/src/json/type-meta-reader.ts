import type { JsonCursor } from "./json-cursor.ts";

/**
 * Reads `apiVersion` and `kind` as the two decoders of kube-apiserver do: the one that finds out the type does not mind
 * case (`"KIND"` names it too, and the last one counts), the one that fills the object does.
 */
export class TypeMetaReader {
  apiVersion = "";
  kind = "";
  /** Go's words for the first one that is no string. */
  error: string | undefined;
  readonly #cursor: JsonCursor;
  readonly #seen = new Set<string>();

  constructor(cursor: JsonCursor) {
    this.#cursor = cursor;
  }

  /** Steps over a body that is not an object. `null` is an empty one; the others cannot be read. */
  isObjectNext(): boolean {
    const byte = this.#cursor.peek();
    if (byte === 0x7b) return true;
    this.#cursor.skipValue();
    if (byte !== 0x6e)
      this.error = `json: cannot unmarshal ${valueWord(byte)} into Go value of type ${goTypeMeta}`;
    return false;
  }

  /** Reads the value of a key that no field has. The answer is about the key, as the object's decoder sees it. */
  read(key: string): "known" | "duplicate" | "unknown" {
    const name = key === "kind" || key === "apiVersion" ? key : foldedName(key);
    if (name === undefined) {
      this.#cursor.skipValue();
      return "unknown";
    }
    this.#value(name);
    if (name !== key) return "unknown";
    if (this.#seen.has(key)) return "duplicate";
    this.#seen.add(key);
    return "known";
  }

  #value(name: "kind" | "apiVersion"): void {
    const byte = this.#cursor.peek();
    if (byte === 0x22) {
      this[name] = this.#cursor.string();
      return;
    }
    this.#cursor.skipValue();
    if (byte !== 0x6e)
      this.error ??= `json: cannot unmarshal ${valueWord(byte)} into Go struct field .${name} of type string`;
  }
}

/** What Go calls the value that begins with this byte. */
export function valueWord(byte: number): string {
  switch (byte) {
    case 0x22:
      return "string";
    case 0x5b:
      return "array";
    case 0x7b:
      return "object";
    case 0x74:
    case 0x66:
      return "bool";
    default:
      return "number";
  }
}

const goTypeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** Go folds two letters beyond ASCII into these names: the long s and the Kelvin sign. */
function foldedName(key: string): "kind" | "apiVersion" | undefined {
  if (key.length !== 4 && key.length !== 10) return undefined;
  const folded = key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
  return folded === "kind" ? "kind" : folded === "apiversion" ? "apiVersion" : undefined;
}
