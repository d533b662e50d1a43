import { statusErrors } from "@leasehold/api";
import { limits } from "../limits.ts";
import { parseAccept, type AcceptClause } from "./accept.ts";
import { parseContentType } from "./content-type.ts";
import { parseQuery, textParameter } from "./query.ts";

/** The encodings there are. */
export type MediaType = "json" | "yaml" | "protobuf";

/** In which form an answer is wanted. */
export interface Output<F = OutputForm> {
  readonly mediaType: MediaType;
  /** `pretty=1` in the Accept header itself; see `isPretty` for the other ways to ask. */
  readonly pretty: boolean;
  readonly as: F;
}

/** The object itself, or what the server makes of it, in a version of `meta.k8s.io`. */
export type OutputForm =
  | { readonly kind: "object" }
  | {
      readonly kind: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
      readonly version: "v1" | "v1beta1";
    };

/** How the media types are called, in the order in which they are offered. The first is the default. */
export const mediaTypeNames = {
  json: "application/json",
  yaml: "application/yaml",
  protobuf: "application/vnd.kubernetes.protobuf",
} as const satisfies Readonly<Record<MediaType, string>>;

/** What an object may be asked for as; `watchMediaTypes` those that can be cut into events. */
export const objectMediaTypes: readonly string[] = Object.values(mediaTypeNames);
export const watchMediaTypes: readonly string[] = [
  `${mediaTypeNames.json};stream=watch`,
  `${mediaTypeNames.protobuf};stream=watch`,
];

/**
 * The form of an object or a list. Throws 406. `accept` is the header's first value, empty when absent. Of kinds that are not stored
 * no Tables are made.
 */
export function negotiateOutput(accept: string, { hasTables = true } = {}): Output {
  const output = hasTables ? objectOutputs(accept) : tablelessOutputs(accept);
  if (output === undefined) throw statusErrors.onlyAccepted(objectMediaTypes);
  return output;
}

/** The form of a watch's events. Throws 406; YAML cannot be cut into events. */
export function negotiateWatch(accept: string): Output {
  const output = objectOutputs(accept);
  if (output === undefined || output.mediaType === "yaml") throw statusErrors.onlyAccepted(watchMediaTypes);
  return output;
}

/**
 * The form of a Status, or of a document that is always itself. Undefined when nothing fits: a Status then goes out as
 * indented JSON all the same, so that a refusal is never hidden behind a quarrel over its form.
 */
export function negotiatePlain(accept: string): Output | undefined {
  return plainOutputs(accept);
}

/**
 * The form of everything below `/api` or `/apis` in one document. Undefined when no alternative of the client asks for that,
 * however late: then it gets the plain list.
 */
export function negotiateDiscovery(accept: string): Output<"aggregated"> | undefined {
  return discoveryOutputs(accept);
}

/** The encoding of a body that holds an object. Throws 415. Without a header it is JSON. */
export function negotiateInput(contentType: string): MediaType {
  const input = inputs(contentType);
  if (input === undefined) throw statusErrors.unsupportedMediaType(objectMediaTypes);
  return input;
}

/** Whether JSON is to be indented: by `pretty=true` in the query, or else for tools that people look at. */
export function isPretty(
  output: Pick<Output, "pretty">,
  { query, userAgent }: Readonly<Record<"query" | "userAgent", string>>,
): boolean {
  if (output.pretty) return true;
  if (query.includes("pretty")) {
    const pretty = textParameter(parseQuery(query), "pretty");
    if (pretty !== "") return goTrue.has(pretty);
  }
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/**
 * The router's own look at the Accept header, before anybody is asked for an answer: only whole names and the full wildcard
 * count, and parameters do not. `application/*` fails here. (go-restful, Route.matchesAccept)
 */
export function acceptsAny(accept: string, produced: readonly string[]): boolean {
  return accept === "" || mediaTypesOf(accept).some((name) => name === "*/*" || produced.includes(name));
}

/** The same for the Content-Type of a request; several are let through if one fits. */
export function consumesAny(contentType: string, consumed: readonly string[]): boolean {
  return mediaTypesOf(contentType).some((name) => consumed.includes(name));
}

const mediaTypesOf = remember((header) =>
  header.split(",").map((part) => (part.split(";")[0] ?? "").replace(/^ +| +$/g, "")),
);

const objectOutputs = remember((accept) => choose(accept, objectForms));
const tablelessOutputs = remember((accept) => choose(accept, tablelessForms));
const plainOutputs = remember((accept) => choose(accept, plainForm));
const discoveryOutputs = remember((accept) => choose(accept, discoveryForm));

const inputs = remember((contentType): MediaType | undefined => {
  if (contentType === "") return "json";
  const name = parseContentType(contentType);
  return offered.find((mediaType) => mediaTypeNames[mediaType] === name);
});

const offered: readonly MediaType[] = ["json", "yaml", "protobuf"];
const goTrue: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const object: OutputForm = { kind: "object" };

/** Which form a clause's parameters ask for, or undefined when this endpoint does not have it. */
type Forms<F> = (parameters: ReadonlyMap<string, string>, mediaType: MediaType) => F | undefined;

/** The first alternative of the client for which there is an encoding and a form; alternatives that fit nothing are skipped. */
function choose<F>(accept: string, forms: Forms<F>): Output<F> | undefined {
  for (const clause of accept === "" ? anything : parseAccept(accept)) {
    for (const mediaType of offered) {
      if (!matches(clause, mediaTypeNames[mediaType])) continue;
      if (!isStreamKnown(clause.parameters.get("stream") ?? "", mediaType)) continue;
      const as = forms(clause.parameters, mediaType);
      if (as !== undefined) return { mediaType, pretty: clause.parameters.get("pretty") === "1", as };
    }
  }
  return undefined;
}

const anything: readonly AcceptClause[] = [{ type: "*", subtype: "*", quality: 1, parameters: new Map() }];

function matches({ type, subtype }: AcceptClause, mediaType: string): boolean {
  if (type === "*") return subtype === "*";
  return subtype === "*" ? mediaType.startsWith(`${type}/`) : mediaType === `${type}/${subtype}`;
}

function isStreamKnown(stream: string, mediaType: MediaType): boolean {
  return stream === "" || (stream === "watch" && mediaType !== "yaml");
}

/** `sv` asks for a version of the server's own group of types; there is one. */
const objectForms: Forms<OutputForm> = (parameters, mediaType) => {
  const serverVersion = parameters.get("sv") ?? "";
  if (serverVersion !== "" && serverVersion !== "v1") return undefined;
  if (!asks(parameters)) return object;
  const kind = parameters.get("as");
  const version = parameters.get("v");
  if (parameters.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  if (kind === "Table") return mediaType === "protobuf" ? undefined : { kind, version };
  if (kind === "PartialObjectMetadata" || kind === "PartialObjectMetadataList") return { kind, version };
  return undefined;
};

const tablelessForms: Forms<OutputForm> = (parameters, mediaType) => {
  const form = objectForms(parameters, mediaType);
  return form?.kind === "Table" ? undefined : form;
};

const plainForm: Forms<OutputForm> = (parameters) =>
  asks(parameters) || (parameters.get("sv") ?? "") !== "" ? undefined : object;

const discoveryForm: Forms<"aggregated"> = (parameters) => {
  const isAggregated =
    parameters.get("g") === "apidiscovery.k8s.io" &&
    parameters.get("v") === "v2" &&
    parameters.get("as") === "APIGroupDiscoveryList";
  return isAggregated ? "aggregated" : undefined;
};

function asks(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.has("as") || parameters.has("g") || parameters.has("v");
}

/** Clients repeat their headers with every request, so each is read once, up to a bound on how many are remembered. */
function remember<T>(read: (header: string) => T): (header: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (header) => {
    const hit = known.get(header);
    if (hit !== undefined) return hit.value;
    const value = read(header);
    if (known.size >= limits.httpRememberedHeadersMax) known.clear();
    if (header.length <= limits.httpRememberedHeaderCharactersMax) known.set(header, { value });
    return value;
  };
}
