import { messageOfWatchFrame } from "@leasehold/api";
import { encodeEvent, type EventForm } from "../codec/encode-watch.ts";
import { mediaTypeNames } from "../codec/negotiate.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import { tableRequest } from "./answer-content.ts";
import type { HttpAnswer } from "./exchange.ts";
import type { ResourceExchange } from "./resource-exchange.ts";
import { wantsWebSocket } from "./web-socket.ts";

/** A watch as a stream of framed events. */
export function answerWatch(
  exchange: ResourceExchange,
  events: AsyncIterable<readonly WatchEvent[]>,
): HttpAnswer {
  const { output, kind } = exchange;
  const form: EventForm = { kind, output, table: tableRequest(exchange) };
  const name = mediaTypeNames[output.mediaType];
  const contentType = output.mediaType === "json" ? name : `${name};stream=watch`;
  const head = { status: 200, headers: { "Content-Type": contentType } };
  const batches = encoded(events, form);
  if (!wantsWebSocket(exchange.request)) return { ...head, stream: joined(batches) };
  if (output.mediaType === "json") return { ...head, stream: apart(batches), messages: "text" };
  return { ...head, stream: apart(batches, messageOfWatchFrame), messages: "binary" };
}

async function* encoded(
  events: AsyncIterable<readonly WatchEvent[]>,
  form: EventForm,
): AsyncGenerator<readonly Uint8Array[]> {
  let current = form;
  for await (const batch of events) {
    const pieces: Uint8Array[] = [];
    for (const event of batch) {
      const bytes = encodeEvent(event, current);
      if (bytes === undefined) return;
      pieces.push(bytes);
      current = withoutColumns(current);
    }
    yield pieces;
  }
}

/** Events that come together are written together. */
async function* joined(batches: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
  for await (const pieces of batches) {
    const [only] = pieces;
    if (only !== undefined) yield pieces.length === 1 ? only : Buffer.concat(pieces);
  }
}

/** Every event is a message of its own, which needs no size before it. */
async function* apart(
  batches: AsyncIterable<readonly Uint8Array[]>,
  messageOf = (bytes: Uint8Array): Uint8Array => bytes,
): AsyncGenerator<Uint8Array> {
  for await (const pieces of batches) yield* pieces.map(messageOf);
}

/** The columns of a Table are described in the first event alone. */
function withoutColumns(form: EventForm): EventForm {
  return form.table.withColumns ? { ...form, table: { ...form.table, withColumns: false } } : form;
}
