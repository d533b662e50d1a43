import { quote, statusErrors, type ServedKind, type StatusError, type Verb } from "@leasehold/api";
import { acceptsAny, consumesAny, objectMediaTypes, watchMediaTypes } from "../codec/negotiate.ts";
import { flagParameter, parseQuery, textParameter, type Query } from "../codec/query.ts";
import { unescapedText } from "../codec/unescaped-text.ts";
import type { HttpAnswer, HttpRequest, WholeAnswer } from "./exchange.ts";
import { durationProblem } from "./go-duration.ts";
import { kindsByPath, type KindPath, type RoutableKind } from "./kind-paths.ts";
import { firstHeader } from "./request-headers.ts";
import { requestInfo, type RequestInfo } from "./request-info.ts";
import { textAnswer } from "./respond.ts";

/** Where a request goes. */
export interface Route<K extends ServedKind> {
  readonly kind: "route";
  /** For the authorizer, which is asked before it matters whether the path leads anywhere. */
  readonly info: RequestInfo;
  readonly query: Query;
  readonly target: Target<K>;
}

/** A path that cannot even be read is answered before anybody is asked who they are. */
export interface Unroutable {
  readonly kind: "unroutable";
  readonly answer: WholeAnswer;
}

export type Target<K extends ServedKind> =
  | ResourceTarget<K>
  /** Answered as a whole by whoever knows the path. */
  | { readonly kind: "document"; readonly answer: Document }
  /** 404, 405, 406 or 415, as a Status. */
  | { readonly kind: "refused"; readonly error: StatusError }
  /** A path to which no part of the server lays claim: Go's own 404. */
  | { readonly kind: "answer"; readonly answer: WholeAnswer };

/** An action on the objects of a kind. Names are unescaped, and empty where the path has none. */
export interface ResourceTarget<K extends ServedKind> {
  readonly kind: "resource";
  readonly of: K;
  readonly action: Verb;
  /** Empty at cluster scope, which for a namespaced kind means all namespaces. */
  readonly namespace: string;
  readonly name: string;
  /** Empty, or the name of one of the kind's subresources. */
  readonly subresource: string;
}

/** May throw a StatusError. */
export type Document = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

/** A document that stands at a path. */
export interface DocumentRoute {
  readonly path: string;
  readonly answer: Document;
  /**
   * Set where kube-apiserver routes by go-restful: slashes may follow the path, the method must be GET, and the media types
   * of the request (if it has one) and of the answer must be among these. Otherwise the path is exact and anything goes.
   */
  readonly mediaTypes?: readonly string[];
  /** Set where the path is another spelling, which `/` does not list. */
  readonly unlisted?: true;
}

export interface RouterOptions<K extends RoutableKind> {
  readonly kinds: readonly K[];
  readonly documents: readonly DocumentRoute[];
  /** Answers everything below `/openapi/v3/`. */
  readonly openApi: Document;
}

/** Throws a StatusError for a `timeout` that is no duration, before anybody is asked who they are. */
export type Router<K extends RoutableKind> = (request: HttpRequest) => Route<K> | Unroutable;

/** Makes the function that turns requests into routes. It splits a path once and looks each part up. */
export function createRouter<K extends RoutableKind>(options: RouterOptions<K>): Router<K> {
  const routes = new Routes(options);
  return (request) => {
    // Escapes may hide slashes, and then they count as slashes.
    const path = unescapedText(request.path);
    const trimmed = trimSlashes(path);
    const segments = trimmed === "" ? [] : trimmed.split("/");
    const query = parseQuery(request.query);
    const info = requestInfo({ method: request.method, path, segments, query });
    if (info.kind === "unreadable") return unroutable(request);
    refuseTimeout(info, query);
    return { kind: "route", info, query, target: routes.find({ request, path, trimmed, segments, query }) };
  };
}

interface Lookup {
  readonly request: HttpRequest;
  readonly path: string;
  readonly trimmed: string;
  readonly segments: readonly string[];
  readonly query: Query;
}

class Routes<K extends RoutableKind> {
  readonly #kinds: ReadonlyMap<string, (segments: readonly string[]) => KindPath<K> | undefined>;
  readonly #groups: ReadonlySet<string>;
  readonly #exact = new Map<string, Document>();
  readonly #restful = new Map<string, RestfulDocument>();
  readonly #openApi: Document;

  constructor({ kinds, documents, openApi }: RouterOptions<K>) {
    this.#kinds = kindsByPath(kinds);
    // The core group has no name, and its paths begin otherwise.
    this.#groups = new Set(kinds.map(({ group }) => group).filter((group) => group !== ""));
    this.#openApi = openApi;
    for (const document of documents) {
      const { path, answer, mediaTypes } = document;
      if (mediaTypes === undefined) this.#exact.set(path, answer);
      else this.#restful.set(trimSlashes(path), { answer, mediaTypes });
    }
  }

  find(lookup: Lookup): Target<K> {
    const { request, path, trimmed, segments } = lookup;
    const exact = this.#exact.get(path);
    if (exact !== undefined) return { kind: "document", answer: exact };
    if (path.startsWith("//")) return unclaimed;
    const resource = this.#findResource(lookup);
    if (resource !== undefined) return resource;
    const document = this.#restful.get(trimmed);
    if (document !== undefined) return restfulDocument(request, document);
    if (path.startsWith("/openapi/v3/")) return { kind: "document", answer: this.#openApi };
    return this.#isClaimed(segments) ? pathNotFound : unclaimed;
  }

  #findResource({ request, segments, query }: Lookup): Target<K> | undefined {
    const isGroup = segments[0] === "apis";
    if (segments.length < (isGroup ? 4 : 3)) return undefined;
    const groupVersion = isGroup ? `${segments[1]}/${segments[2]}` : `${segments[1]}`;
    if (!isGroup && segments[0] !== "api") return undefined;
    const found = this.#kinds.get(groupVersion)?.(segments.slice(isGroup ? 3 : 2));
    if (found === undefined) return undefined;
    const action = found.actions.get(request.method);
    if (action === undefined) return methodNotAllowed;
    return (
      refuseMedia(request, action) ??
      refuseNameless(found, action) ?? {
        kind: "resource",
        of: found.of,
        action: action === "list" && flagParameter(query, "watch") === true ? "watch" : action,
        namespace: found.namespace,
        name: found.name,
        subresource: found.subresource,
      }
    );
  }

  /** Below these, go-restful says that there is nothing; elsewhere Go's own mux does. */
  #isClaimed(segments: readonly string[]): boolean {
    const [first, second = ""] = segments;
    return first === "api" || first === "version" || (first === "apis" && this.#groups.has(second));
  }
}

const unclaimed: Target<never> = { kind: "answer", answer: textAnswer(404, "404 page not found\n") };
const pathNotFound: Target<never> = { kind: "refused", error: statusErrors.pathNotFound() };
const methodNotAllowed: Target<never> = { kind: "refused", error: statusErrors.methodNotAllowed() };
const unsupportedMedia: Target<never> = { kind: "refused", error: statusErrors.unsupportedPatchType() };

type RestfulDocument = Required<Pick<DocumentRoute, "answer" | "mediaTypes">>;

/** What a PATCH may be; everything else takes any Content-Type this far. */
export const patchMediaTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];
const listMediaTypes: readonly string[] = [...objectMediaTypes, ...watchMediaTypes];

/** go-restful looks at the media types before any handler does, and not quite as they do. */
function refuseMedia({ headers }: HttpRequest, action: Verb): Target<never> | undefined {
  if (action === "patch" && !consumesAny(firstHeader(headers, "content-type"), patchMediaTypes)) {
    return unsupportedMedia;
  }
  const accept = firstHeader(headers, "accept");
  if (acceptsAny(accept, objectMediaTypes)) return undefined;
  const offered = action === "list" || action === "watch" ? listMediaTypes : objectMediaTypes;
  return { kind: "refused", error: statusErrors.noSuchRepresentation(offered) };
}

/** Empty segments are names to the router, but objects have longer ones. A list without a namespace is a list of all. */
function refuseNameless(
  { of, namespace, name, subresource }: KindPath<RoutableKind>,
  action: Verb,
): Target<never> | undefined {
  if (subresource !== "" && name === "") return unnamed;
  const isOfOne = name !== "" || action === "deletecollection";
  return of.scope === "namespaced" && namespace === "" && isOfOne && action !== "watch"
    ? unplaced
    : undefined;
}

const unnamed: Target<never> = { kind: "refused", error: statusErrors.badRequest("name must be provided") };
const unplaced: Target<never> = {
  kind: "refused",
  error: statusErrors.badRequest("Namespace parameter required."),
};

/** Every request is answered long before any sensible timeout; but one that is none is told so. A watch has another. */
function refuseTimeout({ verb }: RequestInfo, query: Query): void {
  const timeout = textParameter(query, "timeout");
  if (timeout === "" || verb === "watch" || verb === "proxy") return;
  const problem = durationProblem(timeout);
  if (problem === undefined) return;
  throw statusErrors.badRequest(`invalid timeout specified in the request URL - ${problem}`);
}

function restfulDocument(request: HttpRequest, document: RestfulDocument): Target<never> {
  const { mediaTypes, answer } = document;
  if (request.method !== "GET") return methodNotAllowed;
  const contentType = firstHeader(request.headers, "content-type");
  if (contentType !== "" && !consumesAny(contentType, mediaTypes)) return unsupportedMedia;
  if (acceptsAny(firstHeader(request.headers, "accept"), mediaTypes)) return { kind: "document", answer };
  return { kind: "refused", error: statusErrors.noSuchRepresentation(mediaTypes) };
}

function unroutable({ path, query }: HttpRequest): Unroutable {
  const url = query === "" ? path : `${path}?${query}`;
  const text = `Internal Server Error: ${quote(url)}: failed to create RequestInfo: unable to determine kind and namespace from url, ${url}\n`;
  const harmless = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const { headers, ...answer } = textAnswer(500, harmless);
  return { kind: "unroutable", answer: { ...answer, headers: { ...headers, "Cache-Control": "" } } };
}

function trimSlashes(path: string): string {
  return path.startsWith("/") && !path.startsWith("//") && !path.endsWith("/")
    ? path.slice(1)
    : path.replace(/^\/+|\/+$/g, "");
}
