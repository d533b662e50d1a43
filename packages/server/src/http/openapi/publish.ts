import type { ServedKind } from "@leasehold/api";
import { parseAccept } from "../../codec/accept.ts";
import { parseQuery, textParameter } from "../../codec/query.ts";
import { apiGroups } from "../api-groups.ts";
import { documentHash, isUnchanged } from "../entity-tag.ts";
import type { HttpAnswer, HttpRequest, WholeAnswer } from "../exchange.ts";
import { firstHeader } from "../request-headers.ts";
import { respond } from "../respond.ts";
import type { Document, DocumentRoute } from "../route.ts";
import { openApiDocuments, type OpenApiDocuments } from "./document.ts";
import type { JsonPart } from "./json-schema.ts";
import { swaggerOf } from "./swagger.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";

/** What describes the API to machines: OpenAPI 3 in a document for each group version, and all of it in one as OpenAPI 2. */
export interface PublishedOpenApi {
  readonly routes: readonly DocumentRoute[];
  /** Answers everything below `/openapi/v3/`. */
  readonly below: Document;
}

/** The time is only needed to say how long a document may be kept. */
export function publishOpenApi(kinds: readonly ServedKind[], nowMs: () => number): PublishedOpenApi {
  const documents = openApiDocuments(apiGroups(kinds));
  const shelf = new Shelf(documents);
  const swagger = lazily(() => inForms(swaggerOf(documents)));
  return {
    routes: [
      { path: "/openapi/v2", answer: (request) => answerSwagger(request, swagger()) },
      { path: "/openapi/v3", answer: () => shelf.index() },
    ],
    below: (request) => answerDocument(request, { shelf, nowMs }),
  };
}

/** The documents as text, each made when it is first wanted. */
class Shelf {
  readonly #documents: OpenApiDocuments;
  readonly #texts = new Map<string, Printed>();
  readonly index = lazily((): WholeAnswer => {
    const paths: Record<string, object> = {};
    for (const path of [...this.#documents.keys()].toSorted())
      paths[path] = { serverRelativeURL: this.#url(path) };
    // Go guesses the type of the index from its first bytes, and guesses text.
    const headers = { "Content-Type": "text/plain; charset=utf-8" };
    return { status: 200, headers, body: JSON.stringify({ paths }) };
  });

  constructor(documents: OpenApiDocuments) {
    this.#documents = documents;
  }

  take(path: string): Printed | undefined {
    let printed = this.#texts.get(path);
    const make = this.#documents.get(path);
    if (printed === undefined && make !== undefined) {
      const text = JSON.stringify(make());
      printed = { text, hash: documentHash(text) };
      this.#texts.set(path, printed);
    }
    return printed;
  }

  #url(path: string): string {
    return `/openapi/v3/${path}?hash=${this.take(path)?.hash ?? ""}`;
  }
}

interface Printed {
  readonly text: string;
  readonly hash: string;
}

const json = "application/json";
const notFound: WholeAnswer = { status: 404, headers: {}, body: "" };
/** To whoever accepts nothing that can be understood. */
const nothing: WholeAnswer = { status: 200, headers: {}, body: "" };
const notAcceptable: WholeAnswer = { status: 406, headers: { Vary: "Accept" }, body: "" };
const yearMs = 365 * 24 * 60 * 60 * 1000;

/** With the right `hash` in the query an answer never changes, and may be kept for good; with a wrong one it is elsewhere. */
function answerDocument(
  request: HttpRequest,
  { shelf, nowMs }: { readonly shelf: Shelf; readonly nowMs: () => number },
): WholeAnswer {
  const path = request.path.slice("/openapi/v3/".length);
  const printed = shelf.take(path);
  if (printed === undefined) return notFound;
  if (parseAccept(acceptOf(request)).length === 0) return nothing;
  if (chosen(request, [json]) === undefined) return notAcceptable;
  const headers = { "Content-Type": json, ETag: `"${printed.hash}"`, Vary: "Accept" };
  const hash = textParameter(parseQuery(request.query), "hash");
  if (hash !== "" && hash !== printed.hash) {
    return {
      status: 301,
      headers: { ...headers, Location: `/openapi/v3/${path}?hash=${printed.hash}` },
      body: "",
    };
  }
  const kept = {
    ...headers,
    "Cache-Control": "public, immutable",
    Expires: new Date(nowMs() + yearMs).toUTCString().replace("GMT", "UTC"),
  };
  return unlessUnchanged(request, printed.hash, {
    status: 200,
    headers: hash === "" ? headers : kept,
    body: printed.text,
  });
}

interface SwaggerForms {
  readonly hash: string;
  readonly json: string;
  readonly protobuf: () => Uint8Array;
}

function inForms(document: JsonPart): SwaggerForms {
  const text = JSON.stringify(document);
  return { hash: documentHash(text), json: text, protobuf: lazily(() => encodeSwagger(document)) };
}

/** The name that answers carry, and the one with which clients ask. */
const swaggerProtobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const swaggerProtobufAsked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

function answerSwagger(request: HttpRequest, forms: SwaggerForms): HttpAnswer | Promise<HttpAnswer> {
  const mediaType = chosen(request, [json, swaggerProtobufAsked, swaggerProtobuf]);
  const varying = { Vary: ["Accept-Encoding", "Accept"] };
  if (mediaType === undefined) return { ...notAcceptable, headers: varying };
  const contentType = mediaType === json ? json : swaggerProtobuf;
  const headers = { ETag: `"${forms.hash}"`, ...varying };
  if (isUnchanged(request, forms.hash)) return { status: 304, headers, body: undefined };
  return respond(request, {
    status: 200,
    contentType,
    body: mediaType === json ? forms.json : forms.protobuf(),
    headers,
  });
}

function unlessUnchanged(request: HttpRequest, hash: string, answer: WholeAnswer): WholeAnswer {
  if (!isUnchanged(request, hash)) return answer;
  const { "Content-Type": _none, ...headers } = answer.headers;
  return { status: 304, headers, body: undefined };
}

/** The first media type that an alternative of the client names, wholly or by asterisks. */
function chosen(request: HttpRequest, mediaTypes: readonly string[]): string | undefined {
  for (const { type, subtype } of parseAccept(acceptOf(request))) {
    const found = mediaTypes.find((mediaType) => {
      const [ours = "", ourSubtype = ""] = mediaType.split("/");
      return (type === "*" || type === ours) && (subtype === "*" || subtype === ourSubtype);
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

function acceptOf({ headers }: HttpRequest): string {
  return firstHeader(headers, "accept") || "*/*";
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
