import { decodeBody, readWhole } from "../codec/body.ts";
import { negotiateInput } from "../codec/negotiate.ts";
import { writeOptions } from "../codec/options.ts";
import { createReview } from "../reviews/create-review.ts";
import type { Witnesses } from "../reviews/question.ts";
import { firstHeader } from "./request-headers.ts";
import { objectContent, type ReviewExchange, type ServedContent } from "./resource-exchange.ts";

/** Reads a question, has it answered, and says what came of it: a create that stores nothing. */
export async function serveReview(exchange: ReviewExchange, witnesses: Witnesses): Promise<ServedContent> {
  const { request, query, kind, kinds, namespace, user } = exchange;
  const contentType = firstHeader(request.headers, "content-type");
  negotiateInput(contentType);
  const bytes = await readWhole(request);
  const userAgent = firstHeader(request.headers, "user-agent");
  const options = writeOptions({ kind: "CreateOptions", query, userAgent, isApply: false });
  const body = decodeBody(bytes, kind, { contentType, options, kinds });
  const command = { kind, namespace, object: body.object, manager: options.manager, user };
  const outcome = createReview(witnesses, command);
  const warnings = [...body.warnings, ...outcome.warnings];
  return objectContent(kind, outcome.object, { status: 201, warnings });
}
