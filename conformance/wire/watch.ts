import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { fillNamespace } from "./answer.ts";
import { assertMatches, isObject } from "./match.ts";
import { decodeMessage, decodeUnknown } from "./protobuf.ts";
import { mediaTypes } from "./request.ts";
import { answerWithinMs, type RawStream } from "./transport.ts";

/** An event as it should be: its type and the object in it, which may hold matchers. */
export type Event = readonly [type: string, object: unknown];

/** A watch that is open: what is told is read in the order in which it was told. */
export class Watch {
  readonly status: number;
  readonly type: string;
  readonly headers: RawStream["headers"];
  readonly #stream: RawStream;
  readonly #events: AsyncIterator<Event>;
  readonly #namespace: string;

  constructor(stream: RawStream, namespace: string) {
    this.status = stream.status;
    this.headers = stream.headers;
    this.type = stream.headers["content-type"]?.join(", ") ?? "";
    this.#stream = stream;
    this.#events = readEvents(stream.chunks, this.type)[Symbol.asyncIterator]();
    this.#namespace = namespace;
  }

  /** The next event, or undefined where the server has ended the stream. */
  async next(): Promise<Event | undefined> {
    const late = lateness();
    try {
      const told = await Promise.race([this.#events.next(), late.promise]);
      return told.done === true ? undefined : told.value;
    } finally {
      late.stop();
    }
  }

  async tells(...events: readonly Event[]): Promise<this> {
    for (const [index, expected] of events.entries()) {
      const told = await this.next();
      const filled = fillNamespace(expected, this.#namespace);
      assertMatches(told, filled, `event ${index + 1} of ${events.length}`);
    }
    return this;
  }

  /** Says that nothing follows any more and that the server ends the stream. */
  async ends(): Promise<void> {
    assert.equal(await this.next(), undefined, "the server ends the stream");
  }

  close(): void {
    this.#stream.close();
  }
}

function lateness(): { readonly promise: Promise<never>; stop(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("the next event never came")), answerWithinMs);
  return { promise, stop: () => clearTimeout(timer) };
}

async function* readEvents(chunks: AsyncIterable<Uint8Array>, type: string): AsyncGenerator<Event> {
  const isProtobuf = type.startsWith(mediaTypes.protobuf);
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const length = isProtobuf ? protobufFrame(rest) : jsonFrame(rest, type);
      if (length === undefined) break;
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      yield isProtobuf ? protobufEvent(frame) : textEvent(frame, type);
    }
  }
  assert.equal(rest.toString("utf8").trim(), "", "a stream ends with a whole event");
}

/** A JSON event is a line; a YAML event ends with the line that separates documents. */
function jsonFrame(bytes: Buffer, type: string): number | undefined {
  const separator = type.startsWith(mediaTypes.yaml) ? "---\n" : "\n";
  const at = bytes.indexOf(separator);
  return at === -1 ? undefined : at + separator.length;
}

/** Four bytes of length stand before each event in protobuf. */
function protobufFrame(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = 4 + bytes.readUInt32BE(0);
  return bytes.length < length ? undefined : length;
}

function textEvent(frame: Buffer, type: string): Event {
  const text = frame.toString("utf8");
  const event: unknown = type.startsWith(mediaTypes.yaml)
    ? parseYaml(text.replace(/---\n$/, ""))
    : JSON.parse(text);
  if (!isObject(event) || typeof event["type"] !== "string") return assert.fail(`no event: ${text}`);
  return [event["type"], event["object"]];
}

function protobufEvent(frame: Buffer): Event {
  const { type, object } = decodeMessage("WatchEvent", frame.subarray(4));
  const raw = isObject(object) ? object["raw"] : undefined;
  assert.ok(
    typeof type === "string" && raw instanceof Uint8Array,
    "an event in protobuf has a type and an object",
  );
  return [type, decodeUnknown(raw)];
}
