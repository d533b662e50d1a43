import { canonicalValue } from "../canonical-value.ts";
import { isZeroTime, readTime } from "../time/canonical-time.ts";
import type { TimeType } from "../time/parse-time.ts";
import type { MessageTable } from "../schema.ts";
import { base64Error } from "./base64.ts";
import type { DecodedJson } from "./decode.ts";
import { decodePlan, type DecodePlan, findField, type PlannedField, zeroMessage } from "./decode-plan.ts";
import { integerOf } from "./integer.ts";
import { JsonCursor } from "./json-cursor.ts";
import { readJsonValue } from "./json-value-reader.ts";
import { setOwn } from "./own-property.ts";
import { StrictErrors } from "./strict-errors.ts";
import { TypeMetaReader, valueWord } from "./type-meta-reader.ts";

type Message = Record<string, unknown>;

/**
 * Reads one body by tables. Like Go's decoder it reads on after a value that does not fit, because a syntax error further
 * on comes before it; of several it keeps the first, but one that a time reports comes before all others.
 *
 * A field that stands twice is read into the same place twice, so that messages merge and `null` leaves a string alone.
 */
export class JsonReader {
  readonly #cursor: JsonCursor;
  readonly #strict = new StrictErrors();
  readonly #typeMeta: TypeMetaReader;
  /** Names of the fields that are open. */
  readonly #fields: string[] = [];
  /** Name of the message whose fields are being read. */
  #struct = "";
  #misfit: string | undefined;
  #timeError: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#cursor = new JsonCursor(bytes);
    this.#typeMeta = new TypeMetaReader(this.#cursor);
  }

  object(table: MessageTable): DecodedJson {
    const plan = decodePlan(table);
    const value = zeroMessage(plan);
    if (this.#typeMeta.isObjectNext()) this.#message(plan, { into: value, top: true });
    this.#cursor.end();
    return {
      kind: "decoded",
      apiVersion: this.#typeMeta.apiVersion,
      typeKind: this.#typeMeta.kind,
      typeMetaError: this.#typeMeta.error,
      value,
      valueError: this.#timeError ?? this.#misfit,
      strictErrors: this.#strict.messages,
    };
  }

  #message(plan: DecodePlan, { into, top }: { readonly into: Message; readonly top: boolean }): void {
    const cursor = this.#cursor;
    const outer = this.#struct;
    this.#struct = plan.table.name;
    let seen = 0;
    cursor.enter();
    if (cursor.peek() !== 0x7d) {
      do {
        cursor.key();
        const field = findField(plan, cursor);
        if (field === undefined) {
          this.#unknownField(top);
          continue;
        }
        if ((seen & field.bit) !== 0) this.#strict.duplicate(field.name);
        seen |= field.bit;
        const value = this.#field(field, into[field.name]);
        if (value !== undefined || into[field.name] !== undefined) into[field.name] = value;
      } while (cursor.hasNext(0x7d));
    }
    cursor.leave();
    this.#struct = outer;
  }

  #unknownField(top: boolean): void {
    const name = this.#cursor.keyText();
    const seenAs = top ? this.#typeMeta.read(name) : "unknown";
    if (!top) this.#cursor.skipValue();
    if (seenAs === "unknown") this.#strict.unknown(name);
    if (seenAs === "duplicate") this.#strict.duplicate(name);
  }

  /** The canonical value of a field; `before` is what an earlier field of the same name left. */
  #field(field: PlannedField, before: unknown): unknown {
    switch (field.shape) {
      case "list":
        return this.#list(field, before);
      case "map":
        return this.#map(field, before);
      default:
        return canonicalValue(field.presence, this.#one(field, before));
    }
  }

  /** One value that is neither a list nor a map: the field's, or an item's. */
  #one(field: PlannedField, before: unknown): unknown {
    const byte = this.#cursor.peek();
    if (byte === 0x6e) {
      this.#cursor.word("null");
      return field.keepsAtNull ? before : undefined;
    }
    switch (field.item) {
      case "string":
        return byte === 0x22 ? this.#cursor.string() : this.#misfitted(field, before);
      case "int32":
      case "int64":
        return this.#integer(field, before);
      case "message":
        return this.#nested(field, before);
      case "bareList":
        return field.bare === undefined ? before : this.#list(field.bare, before);
      case "time":
      case "microTime":
        return this.#time(field, field.item);
      case "bool":
        return this.#bool(field, before);
      case "bytes":
        return this.#bytes(field, before);
      case "fields":
      case "raw":
        return readJsonValue(this.#cursor);
    }
  }

  #nested(field: PlannedField, before: unknown): unknown {
    if (field.message === undefined || this.#cursor.peek() !== 0x7b) return this.#misfitted(field, before);
    const into = isMessage(before) ? before : zeroMessage(field.message);
    this.#fields.push(field.name);
    // Items stand under their list's or map's own part of the path.
    const named = field.shape === "message";
    if (named) this.#strict.enterKey(field.name);
    this.#message(field.message, { into, top: false });
    if (named) this.#strict.leave();
    this.#fields.pop();
    return into;
  }

  #list(field: PlannedField, before: unknown): unknown {
    const cursor = this.#cursor;
    if (this.#isNull()) return undefined;
    if (cursor.peek() !== 0x5b) return this.#misfitted({ ...field, goItemType: field.goType }, before);
    const earlier: readonly unknown[] = Array.isArray(before) ? before : [];
    const items: unknown[] = [];
    this.#strict.enterKey(field.name);
    cursor.enter();
    if (cursor.peek() !== 0x5d) {
      do {
        this.#strict.enterIndex(items.length);
        items.push(this.#item(field, earlier[items.length]));
        this.#strict.leave();
      } while (cursor.hasNext(0x5d));
    }
    cursor.leave();
    this.#strict.leave();
    return field.keepsEmpty ? items : canonicalValue(field.presence, items);
  }

  #map(field: PlannedField, before: unknown): unknown {
    const cursor = this.#cursor;
    if (this.#isNull()) return undefined;
    if (cursor.peek() !== 0x7b) return this.#misfitted({ ...field, goItemType: field.goType }, before);
    const map: Message = {};
    this.#strict.enterKey(field.name);
    cursor.enter();
    if (cursor.peek() !== 0x7d) {
      do {
        cursor.key();
        const key = cursor.keyText();
        if (Object.hasOwn(map, key)) this.#strict.duplicate(key);
        this.#strict.enterKey(key);
        setOwn(map, key, this.#item(field, undefined));
        this.#strict.leave();
      } while (cursor.hasNext(0x7d));
    }
    cursor.leave();
    this.#strict.leave();
    return canonicalValue(field.presence, isMessage(before) ? { ...before, ...map } : map);
  }

  /** One item of a list or map. Items are values: `null` is the zero one. */
  #item(field: PlannedField, before: unknown): unknown {
    if (field.message === undefined) return this.#one(field, before ?? field.zeroItem);
    return this.#one(field, before ?? zeroMessage(field.message));
  }

  #isNull(): boolean {
    if (this.#cursor.peek() !== 0x6e) return false;
    this.#cursor.word("null");
    return true;
  }

  #integer(field: PlannedField, before: unknown): unknown {
    const cursor = this.#cursor;
    const byte = cursor.peek();
    if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) return this.#misfitted(field, before);
    const start = cursor.at;
    const integer = cursor.skipNumber();
    const text = cursor.asciiSince(start);
    const value = integer ? integerOf(text, field.item) : undefined;
    if (value === undefined) this.#misfit ??= this.#cannot({ word: `number ${text}`, field });
    return value ?? before;
  }

  #bool(field: PlannedField, before: unknown): unknown {
    const byte = this.#cursor.peek();
    if (byte !== 0x74 && byte !== 0x66) return this.#misfitted(field, before);
    this.#cursor.word(byte === 0x74 ? "true" : "false");
    return byte === 0x74;
  }

  #bytes(field: PlannedField, before: unknown): unknown {
    if (this.#cursor.peek() !== 0x22) return this.#misfitted(field, before);
    const text = this.#cursor.string();
    this.#misfit ??= base64Error(text);
    return text;
  }

  #time(field: PlannedField, type: TimeType): unknown {
    const cursor = this.#cursor;
    const byte = cursor.peek();
    if (byte !== 0x22) {
      cursor.skipValue();
      this.#timeError ??= this.#cannot({ word: valueWord(byte), field });
      return undefined;
    }
    const reading = readTime(type, cursor.string());
    if (reading.kind === "read")
      return field.presence !== "pointer" && isZeroTime(reading.text) ? undefined : reading.text;
    this.#timeError ??= reading.message;
    return undefined;
  }

  /** Steps over a value that the field cannot hold. */
  #misfitted(field: PlannedField, before: unknown): unknown {
    const word = valueWord(this.#cursor.peek());
    this.#cursor.skipValue();
    this.#misfit ??= this.#cannot({ word, field });
    return before;
  }

  #cannot({ word, field }: { readonly word: string; readonly field: PlannedField }): string {
    const path = [...this.#fields, field.name].join(".");
    return `json: cannot unmarshal ${word} into Go struct field ${this.#struct}.${path} of type ${field.goItemType}`;
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null;
}
