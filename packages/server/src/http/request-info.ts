import { flagParameter, type Query } from "../codec/query.ts";
import { fieldSelectorName } from "./field-selector-name.ts";

/**
 * What a request is about, as the authorizer sees it: worked out of the method and the path alone, whether or not the path
 * leads anywhere. Empty strings where a part is missing.
 */
export type RequestInfo =
  | {
      readonly kind: "resource";
      /** The Kubernetes verb (`list`, `watch`, `deletecollection`, …); empty for a method that is none. */
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      /** Of the object, also where only a field selector names it. */
      readonly name: string;
      readonly path: string;
    }
  | {
      readonly kind: "path";
      /** The method in lower case. */
      readonly verb: string;
      readonly path: string;
    };

/** A path that reads as a resource request but stops before its resource, e.g. `/api/v1/watch`. */
export interface Unreadable {
  readonly kind: "unreadable";
}

export interface RequestLine {
  readonly method: string;
  /** Unescaped. */
  readonly path: string;
  /** The segments of the path, without the slashes at its ends. */
  readonly segments: readonly string[];
  readonly query: Query;
}

/** Source: apiserver/pkg/endpoints/request/requestinfo.go. */
export function requestInfo(line: RequestLine): RequestInfo | Unreadable {
  const { method, path, segments } = line;
  const prefix = segments[0];
  const isGroup = prefix === "apis";
  const start = isGroup ? 3 : 2;
  if ((!isGroup && prefix !== "api") || segments.length <= start) {
    return { kind: "path", verb: method.toLowerCase(), path };
  }
  const group = isGroup ? (segments[1] ?? "") : "";
  const version = segments[start - 1] ?? "";
  const special = specialVerbs.has(segments[start] ?? "") ? segments[start] : undefined;
  if (special !== undefined && segments.length <= start + 1) return { kind: "unreadable" };
  const object = readObject(segments, special === undefined ? start : start + 1);
  const subresource = special === "proxy" ? "" : object.subresource;
  const verb = special ?? verbs.get(method) ?? "";
  const named = nameVerb({ verb, name: object.name }, line.query);
  return { kind: "resource", group, version, path, ...object, subresource, ...named };
}

interface ObjectPath {
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** `namespaces/NAMESPACE/resource/name/subresource`, or the namespace itself with what kube-apiserver knows below it. */
function readObject(segments: readonly string[], start: number): ObjectPath {
  const at = (index: number): string => segments[index] ?? "";
  const inNamespace = at(start) === "namespaces" && segments.length > start + 1;
  const namespace = inNamespace ? at(start + 1) : "";
  const below = inNamespace && segments.length > start + 2 && !namespaceSubresources.has(at(start + 2));
  const first = below ? start + 2 : start;
  return { resource: at(first), name: at(first + 1), subresource: at(first + 2), namespace };
}

/** A GET or DELETE that names no object is about all of them. */
function nameVerb(
  { verb, name }: Readonly<Record<"verb" | "name", string>>,
  query: Query,
): Readonly<Record<"verb" | "name", string>> {
  if (name !== "" || (verb !== "get" && verb !== "delete")) return { verb, name };
  if (verb === "delete") return { verb: "deletecollection", name };
  const isWatch = flagParameter(query, "watch") ?? false;
  return { verb: isWatch ? "watch" : "list", name: fieldSelectorName(query) };
}

const specialVerbs: ReadonlySet<string> = new Set(["proxy", "watch"]);
const namespaceSubresources: ReadonlySet<string> = new Set(["status", "finalize"]);
const verbs: ReadonlyMap<string, string> = new Map([
  ["POST", "create"],
  ["GET", "get"],
  ["HEAD", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);
