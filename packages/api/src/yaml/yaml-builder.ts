import { setOwn } from "../json/own-property.ts";
import type { JsonValue } from "../schema.ts";
import { resolveTagged } from "./resolve-tagged.ts";
import type { ResolvedScalar } from "./resolve-scalar.ts";
import { goSyntax, identityOf, type YamlEntry, type YamlValue } from "./yaml-value.ts";
import type { ScalarContent, YamlEvent } from "./yaml-parser.ts";
import { YamlRefusal } from "./yaml-refusal.ts";

/** A collection that is being read. */
type Open = { readonly anchor: string | undefined; readonly line: number; size: number } & (
  | { readonly kind: "list"; readonly items: YamlValue[] }
  | { readonly kind: "mapping"; readonly entries: Map<string, YamlEntry>; key: YamlValue | undefined }
);

/**
 * Makes a value of the events of a document, without recursion. A text that cannot be parsed is refused before one whose
 * parts do not fit together, so what is found here waits in `refusal` until all is parsed.
 */
export class YamlBuilder {
  /** The first thing that does not fit, in Go's words. */
  refusal: string | undefined;
  /** Keys that stand twice: `line 4: key "a" already set in map`. */
  readonly duplicates: string[] = [];
  /** A key that JSON cannot have: found later than everything else. */
  badKey: string | undefined;
  /** Some number is infinite or none at all, which JSON cannot write. */
  hasInfinite = false;
  root: YamlValue | undefined;
  readonly #open: Open[] = [];
  readonly #anchors = new Map<string, YamlValue | "open">();
  #size = 0;
  #aliasSize = 0;

  take(event: YamlEvent): void {
    const line = event.line + 1;
    switch (event.kind) {
      case "scalar":
        return this.#add(this.#scalar(event, line), event.anchor);
      case "alias":
        return this.#add(this.#alias(event.name, line), undefined);
      case "sequence-start":
        return this.#begin({ kind: "list", anchor: event.anchor, line, size: 1, items: [] });
      case "mapping-start":
        return this.#begin({
          kind: "mapping",
          anchor: event.anchor,
          line,
          size: 1,
          entries: new Map(),
          key: undefined,
        });
      case "sequence-end":
      case "mapping-end":
        return this.#end();
      case "document-start":
      case "document-end":
      case "stream-end":
    }
  }

  #begin(open: Open): void {
    if (open.anchor !== undefined) this.#anchors.set(open.anchor, "open");
    this.#open.push(open);
  }

  #end(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const { line, size } = open;
    if (open.kind === "list") {
      const { items } = open;
      return this.#add(
        { kind: "list", json: items.map((item) => item.json), size, line, items },
        open.anchor,
      );
    }
    const { entries } = open;
    this.#add({ kind: "mapping", json: this.#jsonOf(entries), size, line, entries }, open.anchor);
  }

  /** Puts a whole value where it belongs. */
  #add(value: YamlValue, anchor: string | undefined): void {
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    const open = this.#open.at(-1);
    if (open === undefined) {
      this.root = value;
      return;
    }
    open.size += value.size;
    if (open.kind === "list") open.items.push(value);
    else if (open.key === undefined) open.key = value;
    else {
      this.#addPair(open, open.key, value);
      open.key = undefined;
    }
  }

  #scalar(content: ScalarContent, line: number): YamlValue {
    this.#size++;
    const isMerge = content.text === "<<" && (content.isPlain || content.tag === "tag:yaml.org,2002:merge");
    let scalar: ResolvedScalar = { kind: "null", value: null };
    try {
      scalar = resolveTagged(content);
    } catch (error) {
      if (!(error instanceof YamlRefusal)) throw error;
      this.refusal ??= error.message;
    }
    if (scalar.kind === "float" && !Number.isFinite(scalar.value)) this.hasInfinite = true;
    return { kind: "scalar", json: scalar.value, size: 1, line, scalar, isMerge };
  }

  #alias(name: string, line: number): YamlValue {
    const target = this.#anchors.get(name);
    // Go finds this while it still parses.
    if (target === undefined) throw new YamlRefusal(`unknown anchor '${name}' referenced`);
    if (target === "open") {
      this.refusal ??= `anchor '${name}' value contains itself`;
      return { kind: "list", json: null, size: 1, line, items: [] };
    }
    this.#size += 1 + target.size;
    this.#aliasSize += target.size;
    if (
      this.#aliasSize > 100 &&
      this.#size > 1000 &&
      this.#aliasSize / this.#size > aliasShareMax(this.#size)
    )
      this.refusal ??= "document contains excessive aliasing";
    return { ...target, size: 1 + target.size, line };
  }

  #addPair(open: Open & { kind: "mapping" }, key: YamlValue, value: YamlValue): void {
    if (key.kind !== "scalar") this.refusal ??= `invalid map key: ${goSyntax(key.json)}`;
    else if (key.isMerge) this.#merge(open, value);
    else this.#set(open, { key: key.scalar, value });
  }

  #set({ entries }: Open & { kind: "mapping" }, entry: YamlEntry): void {
    const identity = identityOf(entry.key);
    if (entries.has(identity))
      this.duplicates.push(`line ${entry.value.line}: key ${keySyntax(entry.key)} already set in map`);
    entries.set(identity, entry);
  }

  /** Of several mappings the earlier ones win, and all win over what stands before. */
  #merge(open: Open & { kind: "mapping" }, value: YamlValue): void {
    const sources = value.kind === "list" ? value.items.toReversed() : [value];
    for (const source of sources) {
      if (source.kind === "mapping") for (const entry of source.entries.values()) this.#set(open, entry);
      else this.refusal ??= "map merge requires map or sequence of maps as the value";
    }
  }

  #jsonOf(entries: ReadonlyMap<string, YamlEntry>): JsonValue {
    const object: Record<string, JsonValue> = {};
    for (const { key, value } of entries.values()) {
      if (key.kind === "null")
        this.badKey ??= `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${valueSyntax(value.json)}`;
      else setOwn(object, key.kind === "float" ? floatKey(key.value) : String(key.value), value.json);
    }
    return object;
  }
}

/** How much of a document may come from aliases: nearly all of a small one, a tenth of a large one. */
function aliasShareMax(size: number): number {
  if (size <= 400_000) return 0.99;
  return size >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((size - 400_000) / 3_600_000);
}

function keySyntax(key: ResolvedScalar): string {
  return valueSyntax(key.value);
}

function valueSyntax(value: JsonValue): string {
  return value === null ? "<nil>" : goSyntax(value);
}

/** A number as a key: the fewest digits that tell it from others of single precision. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const single = Math.fround(value);
  let shortest = single;
  for (let digits = 1; digits <= 9; digits++) {
    shortest = Number(single.toPrecision(digits));
    if (Math.fround(shortest) === single) break;
  }
  const [mantissa = "", exponent = "0"] = shortest.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(shortest);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
