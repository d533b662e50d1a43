import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { assertMatches, isObject, type Matcher } from "./match.ts";
import { decodeUnknown } from "./protobuf.ts";
import { mediaTypes } from "./request.ts";

/** What a transport brings back. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; values of a header that stands several times are in order. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly bytes: Uint8Array;
}

/** What an answer should be. The body is compared whole; what is not named is not compared. */
export interface Expected {
  readonly status: number;
  /** Of a JSON, YAML or protobuf body its value, of anything else its text; may hold matchers. */
  readonly body?: unknown;
  /** The Content-Type; that of JSON unless said, wherever a body is expected. */
  readonly type?: string | Matcher;
  /** The texts of the Warning headers; none unless said. */
  readonly warnings?: readonly string[];
  /** By lower-case name; undefined is a header that must be absent. */
  readonly headers?: Readonly<Record<string, string | Matcher | undefined>>;
}

/** An answer that can be held against what it should be, and read from. */
export class Answer {
  readonly status: number;
  readonly headers: RawAnswer["headers"];
  readonly bytes: Uint8Array;
  readonly #line: string;
  readonly #namespace: string;

  constructor(raw: RawAnswer, { line, namespace }: { readonly line: string; readonly namespace: string }) {
    this.status = raw.status;
    this.headers = raw.headers;
    this.bytes = raw.bytes;
    this.#line = line;
    this.#namespace = namespace;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  get type(): string {
    return this.headers["content-type"]?.join(", ") ?? "";
  }

  /** The body as its Content-Type says; text where that says nothing that is known here. */
  get body(): unknown {
    if (this.type.startsWith(mediaTypes.protobuf)) return decodeUnknown(this.bytes);
    if (this.type.startsWith(mediaTypes.json)) return JSON.parse(this.text) as unknown;
    if (this.type.startsWith(mediaTypes.yaml)) return parseYaml(this.text) as unknown;
    return this.text;
  }

  /** A member of the body by its path: `answer.read("metadata.resourceVersion")`. */
  read(path: string): unknown {
    return path.split(".").reduce<unknown>((value, name) => {
      if (Array.isArray(value)) return (value as readonly unknown[])[Number(name)];
      return isObject(value) ? value[name] : undefined;
    }, this.body);
  }

  /** A member that must be text. */
  readText(path: string): string {
    const value = this.read(path);
    if (typeof value !== "string") return assert.fail(`${this.#line}: ${path} is no text in ${this.text}`);
    return value;
  }

  get revision(): string {
    return this.readText("metadata.resourceVersion");
  }

  get uid(): string {
    return this.readText("metadata.uid");
  }

  is(expected: Expected): this {
    const place = this.#line;
    assert.equal(
      this.status,
      expected.status,
      `${place} answered ${this.status}: ${this.text.slice(0, 2000)}`,
    );
    if (expected.body !== undefined) {
      const type = expected.type ?? mediaTypes.json;
      assertMatches(this.type, this.#filled(type), `${place}: Content-Type`);
      assertMatches(this.body, this.#filled(expected.body), place);
    } else if (expected.type !== undefined) {
      assertMatches(this.type, this.#filled(expected.type), `${place}: Content-Type`);
    }
    const warnings = (expected.warnings ?? []).map((text) => `299 - ${JSON.stringify(text)}`);
    assertMatches(this.headers["warning"] ?? [], this.#filled(warnings), `${place}: Warning`);
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      assertMatches(this.headers[name]?.join(", "), this.#filled(value), `${place}: ${name}`);
    }
    return this;
  }

  #filled(expected: unknown): unknown {
    return fillNamespace(expected, this.#namespace);
  }
}

/** Puts the namespace where `{ns}` stands, also in the names of members. */
export function fillNamespace(expected: unknown, namespace: string): unknown {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll("{ns}", namespace);
    if (Array.isArray(value)) return value.map(fill);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member)]));
  };
  return fill(expected);
}
