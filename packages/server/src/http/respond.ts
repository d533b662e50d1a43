import { constants, gzip } from "node:zlib";
import type { StatusError } from "@leasehold/api";
import { isPretty, mediaTypeNames, negotiatePlain, type MediaType, type Output } from "../codec/negotiate.ts";
import { limits } from "../limits.ts";
import type { AnswerHeaders, HttpAnswer, HttpRequest, WholeAnswer } from "./exchange.ts";
import { allHeaders, firstHeader } from "./request-headers.ts";

/** What of a request decides about the form of its answer. */
export type Asker = Pick<HttpRequest, "headers" | "query">;

/** An answer whose body is there already. */
export interface Encoded {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Beside the Content-Type, e.g. `Warning`. */
  readonly headers?: AnswerHeaders;
}

/** A Status in the form that was asked for. */
export type EncodeStatus = (
  status: StatusError["status"],
  form: { readonly mediaType: MediaType; readonly pretty: boolean },
) => string | Uint8Array;

/** Sends an encoded body, compressed where it is large and the client takes that. */
export function respond(asker: Asker, encoded: Encoded): HttpAnswer | Promise<HttpAnswer> {
  const headers = { ...encoded.headers, "Content-Type": encoded.contentType };
  const { status, body } = encoded;
  if (body.length <= limits.httpGzipAboveBytes / 3 || !takesGzip(asker)) return { status, headers, body };
  if (Buffer.byteLength(body) <= limits.httpGzipAboveBytes) return { status, headers, body };
  return compress({ status, headers, body });
}

/**
 * Sends a refusal in the form that was asked for. Where there is no such form it goes out as indented JSON, under its own
 * code: the client is to learn what was wrong first.
 */
export function refuse(
  asker: Asker,
  { status }: StatusError,
  encode: EncodeStatus,
): HttpAnswer | Promise<HttpAnswer> {
  const code = status.code ?? 500;
  const wait = status.details?.retryAfterSeconds ?? 0;
  const headers = wait > 0 ? { "Retry-After": String(wait) } : {};
  const output = negotiatePlain(firstHeader(asker.headers, "accept"));
  if (output === undefined) {
    const body = encode(status, { mediaType: "json", pretty: true });
    return { status: code, headers: { ...headers, "Content-Type": mediaTypeNames.json }, body };
  }
  const { mediaType } = output;
  const body = encode(status, { mediaType, pretty: wantsPretty(asker, output) });
  return respond(asker, { status: code, contentType: mediaTypeNames[mediaType], body, headers });
}

/** Whether JSON is to be indented for this request. */
export function wantsPretty({ headers, query }: Asker, output: Pick<Output, "pretty">): boolean {
  return isPretty(output, { query, userAgent: firstHeader(headers, "user-agent") });
}

/** A plain sentence, as Go's `http.Error` sends it: nobody may take it for a page. */
export function textAnswer(status: number, body: string): WholeAnswer {
  const headers = { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
  return { status, headers, body };
}

/** JSON as Go's `json.MarshalIndent` writes it, without a newline at its end. */
export function indentedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/[<>&\u2028\u2029]/g, escapeCharacter);
}

/** JSON as Go's `json.Encoder` writes it: one line, with its newline. */
export function compactJson(value: unknown): string {
  return `${JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeCharacter)}\n`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function takesGzip({ headers }: Asker): boolean {
  const [accepted = ""] = allHeaders(headers, "accept-encoding");
  return accepted.split(",").some((coding) => coding.trim() === "gzip");
}

function compress({ status, headers, body }: WholeAnswer & Pick<Encoded, "body">): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    gzip(body, { level: constants.Z_BEST_SPEED }, (error, compressed) => {
      if (error !== null) return reject(error);
      const compressedHeaders = { Vary: "Accept-Encoding", ...headers, "Content-Encoding": "gzip" };
      resolve({ status, headers: compressedHeaders, body: compressed });
    });
  });
}
