import { encodeEvent, type EventForm } from "../codec/encode-watch.ts";
import { mediaTypeNames } from "../codec/negotiate.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import { tableRequest } from "./answer-content.ts";
import type { HttpAnswer } from "./exchange.ts";
import type { ResourceExchange } from "./resource-exchange.ts";

/** A watch as a stream of framed events. */
export function answerWatch(
  exchange: ResourceExchange,
  events: AsyncIterable<readonly WatchEvent[]>,
): HttpAnswer {
  const { output, kind } = exchange;
  const form: EventForm = { kind, output, table: tableRequest(exchange) };
  const name = mediaTypeNames[output.mediaType];
  const contentType = output.mediaType === "json" ? name : `${name};stream=watch`;
  return { status: 200, headers: { "Content-Type": contentType }, stream: framed(events, form) };
}

/** Events that come together are written together. */
async function* framed(
  events: AsyncIterable<readonly WatchEvent[]>,
  form: EventForm,
): AsyncGenerator<Uint8Array> {
  let current = form;
  for await (const batch of events) {
    const pieces: Uint8Array[] = [];
    for (const event of batch) {
      const bytes = encodeEvent(event, current);
      if (bytes === undefined) return;
      pieces.push(bytes);
      current = withoutColumns(current);
    }
    const [only] = pieces;
    if (only !== undefined) yield pieces.length === 1 ? only : Buffer.concat(pieces);
  }
}

/** The columns of a Table are described in the first event alone. */
function withoutColumns(form: EventForm): EventForm {
  return form.table.withColumns ? { ...form, table: { ...form.table, withColumns: false } } : form;
}
