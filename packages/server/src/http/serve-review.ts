import { decodeBody, readWhole } from "../codec/body.ts";
import { negotiateInput } from "../codec/negotiate.ts";
import { writeOptions } from "../codec/options.ts";
import { createReview } from "../reviews/create-review.ts";
import type { Witnesses } from "../reviews/question.ts";
import { firstHeader } from "./request-headers.ts";
import { objectContent, type ReviewExchange, type ServedContent } from "./resource-exchange.ts";

/** Reads a question, has it answered, and says what came of it: a create that stores nothing. */
export async function serveReview(exchange: ReviewExchange, witnesses: Witnesses): Promise<ServedContent> {
  const { request, query, kind, kinds, namespace, user, warn } = exchange;
  const contentType = firstHeader(request.headers, "content-type");
  negotiateInput(contentType);
  const bytes = await readWhole(request);
  const userAgent = firstHeader(request.headers, "user-agent");
  const options = writeOptions({ kind: "CreateOptions", query, userAgent, isApply: false });
  const object = decodeBody(bytes, kind, { contentType, options, kinds, warn });
  const command = { kind, namespace, object, manager: options.manager, user, warn };
  return objectContent(kind, createReview(witnesses, command), 201);
}
