import { quote } from "./quote.ts";
import { registeredTypes } from "./registered-types.ts";

/** A type as kube-apiserver's scheme knows it. */
export interface TypeRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `coordination.k8s.io/v1`, or `v1` in the core group. */
export function groupVersionText({ group, version }: Pick<TypeRef, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The parts of an apiVersion; undefined when it has more than two. Empty and `/` name none. */
export function parseGroupVersion(apiVersion: string): Pick<TypeRef, "group" | "version"> | undefined {
  if (apiVersion === "" || apiVersion === "/") return { group: "", version: "" };
  const parts = apiVersion.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) return undefined;
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}

/** What Go calls the type with which all versions of a kind are handled inside kube-apiserver: `coordination.Lease`. */
export function hubTypeOf({ group, kind }: Pick<TypeRef, "group" | "kind">): string {
  return `${group === "" ? "core" : (group.split(".")[0] ?? "")}.${kind}`;
}

/**
 * What Go calls the registered type, e.g. `v1.LeaseList`; undefined when kube-apiserver knows no such type.
 * The options of requests and the events of watches are registered in every group, always as the same type.
 */
export function registeredGoType(type: TypeRef): string | undefined {
  if (unversionedKinds.has(type.kind)) return `v1.${type.kind}`;
  const kinds = registeredTypes.get(groupVersionText(type));
  if (kinds === undefined) return undefined;
  if (everywhere.has(type.kind)) return `v1.${type.kind}`;
  return kinds.has(type.kind) ? `${type.version}.${type.kind}` : undefined;
}

const everywhere: ReadonlySet<string> = new Set([
  "CreateOptions",
  "DeleteOptions",
  "GetOptions",
  "ListOptions",
  "PatchOptions",
  "UpdateOptions",
  "WatchEvent",
]);

/** Known in whatever version a body claims. */
const unversionedKinds: ReadonlySet<string> = new Set([
  "APIGroup",
  "APIGroupList",
  "APIResourceList",
  "APIVersions",
  "Status",
]);

/** What kube-apiserver says of a type that it does not know. */
export function notRegistered(type: TypeRef): string {
  const where =
    type.version === "__internal"
      ? `the internal version of group ${quote(type.group)}`
      : `version ${quote(groupVersionText(type))}`;
  return `no kind ${quote(type.kind)} is registered for ${where} in scheme ${quote(schemeName)}`;
}

/** What kube-apiserver says of a type without a version. */
export function missingVersion(source: string): string {
  return `Object 'apiVersion' is missing in '${source}'`;
}

/** Where kube-apiserver makes its schemes: none has another name. */
const schemeName = "pkg/runtime/scheme.go:111";
