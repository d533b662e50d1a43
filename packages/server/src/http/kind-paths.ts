import { apiVersionOf, type ServedKind, type Verb } from "@leasehold/api";

/** A kind with the subresources that have paths of their own. */
export interface RoutableKind extends ServedKind {
  readonly subresources?: readonly { readonly name: string; readonly verbs: readonly Verb[] }[];
}

/** What a path below a group version names, and what may be done there. */
export interface KindPath<K extends RoutableKind> {
  readonly of: K;
  /** By method. Never empty: a path at which nothing can be done does not exist. */
  readonly actions: ReadonlyMap<string, Verb>;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** For each group version (`v1`, `coordination.k8s.io/v1`) a function that reads the segments behind it. */
export function kindsByPath<K extends RoutableKind>(
  kinds: readonly K[],
): ReadonlyMap<string, (segments: readonly string[]) => KindPath<K> | undefined> {
  const byVersion = Map.groupBy(kinds, apiVersionOf);
  return new Map([...byVersion].map(([version, members]) => [version, pathsOf(members)]));
}

function pathsOf<K extends RoutableKind>(
  kinds: readonly K[],
): (segments: readonly string[]) => KindPath<K> | undefined {
  const placesIn = (scope: ServedKind["scope"]): ReadonlyMap<string, Places<K>> =>
    new Map(kinds.filter((kind) => kind.scope === scope).map((kind) => [kind.plural, placesOf(kind)]));
  const scopes = { namespaced: placesIn("namespaced"), cluster: placesIn("cluster") };
  return (segments) => find(scopes, segments);
}

/** The paths of one kind, each with its actions by method. */
interface Places<K extends RoutableKind> {
  readonly of: K;
  readonly collection: ReadonlyMap<string, Verb>;
  readonly item: ReadonlyMap<string, Verb>;
  /** `LIST` over all namespaces; nothing can be created or deleted there. */
  readonly everywhere: ReadonlyMap<string, Verb>;
  /** Below `watch/`, the way to ask for a watch before there was a parameter for it. */
  readonly watch: ReadonlyMap<string, Verb>;
  readonly subresources: ReadonlyMap<string, ReadonlyMap<string, Verb>>;
}

interface Scopes<K extends RoutableKind> {
  readonly namespaced: ReadonlyMap<string, Places<K>>;
  readonly cluster: ReadonlyMap<string, Places<K>>;
}

function placesOf<K extends RoutableKind>(kind: K): Places<K> {
  const only = (methods: Methods, verbs = kind.verbs): ReadonlyMap<string, Verb> =>
    new Map(methods.filter(([, verb]) => verbs.includes(verb)));
  return {
    of: kind,
    collection: only(collectionMethods),
    item: only(itemMethods),
    everywhere: only([["GET", "list"]]),
    watch: only([["GET", "watch"]]),
    subresources: new Map(
      (kind.subresources ?? []).map(({ name, verbs }) => [name, only(subresourceMethods, verbs)]),
    ),
  };
}

/** `[namespaces/NAMESPACE/]plural[/name[/subresource]]`, below `watch/` without subresources. An empty segment is a name too. */
function find<K extends RoutableKind>(scopes: Scopes<K>, all: readonly string[]): KindPath<K> | undefined {
  const isWatch = all[0] === "watch";
  const segments = isWatch ? all.slice(1) : all;
  const [first = "", namespace = "", third = ""] = segments;
  if (first === "namespaces" && segments.length >= 3) {
    const places = scopes.namespaced.get(third);
    if (places !== undefined) return placeIn(places, { rest: segments.slice(3), isWatch, namespace });
  }
  const everywhere = segments.length === 1 ? scopes.namespaced.get(first) : undefined;
  if (everywhere !== undefined)
    return place(everywhere, isWatch ? everywhere.watch : everywhere.everywhere, noNames);
  const places = scopes.cluster.get(first);
  return places && placeIn(places, { rest: segments.slice(1), isWatch, namespace: "" });
}

interface Within {
  /** What stands behind the plural. */
  readonly rest: readonly string[];
  readonly isWatch: boolean;
  readonly namespace: string;
}

function placeIn<K extends RoutableKind>(places: Places<K>, within: Within): KindPath<K> | undefined {
  const { rest, isWatch, namespace } = within;
  const [name = "", subresource = ""] = rest;
  const names = { namespace, name, subresource };
  if (isWatch) return rest.length <= 1 ? place(places, places.watch, names) : undefined;
  if (rest.length === 0) return place(places, places.collection, names);
  if (rest.length === 1) return place(places, places.item, names);
  return rest.length === 2 ? place(places, places.subresources.get(subresource), names) : undefined;
}

type Names = Pick<KindPath<RoutableKind>, "namespace" | "name" | "subresource">;

const noNames: Names = { namespace: "", name: "", subresource: "" };

function place<K extends RoutableKind>(
  { of }: Places<K>,
  actions: ReadonlyMap<string, Verb> | undefined,
  names: Names,
): KindPath<K> | undefined {
  return actions === undefined || actions.size === 0 ? undefined : { of, actions, ...names };
}

type Methods = readonly (readonly [method: string, verb: Verb])[];

const collectionMethods: Methods = [
  ["GET", "list"],
  ["POST", "create"],
  ["DELETE", "deletecollection"],
];
const itemMethods: Methods = [
  ["GET", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
];
const subresourceMethods: Methods = [...itemMethods, ["POST", "create"]];
