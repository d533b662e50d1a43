import { apiVersionOf, type ServedKind } from "../kind.ts";

/** Finds kinds by what a URL or a body says. */
export interface KindRegistry<K extends ServedKind = ServedKind> {
  /** In the order in which they were given. */
  readonly kinds: readonly K[];
  /** By group, version and plural, as in a URL. */
  byResource(resource: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
  }): K | undefined;
  /** By what a body says of its type. A List is not found by its own kind. */
  byType(type: { readonly apiVersion: string; readonly kind: string }): K | undefined;
}

/** Refuses, by throwing, two kinds of one name: that is a mistake in a list, not in a request. */
export function kindRegistry<K extends ServedKind>(kinds: readonly K[]): KindRegistry<K> {
  const resources = new Map<string, K>();
  const types = new Map<string, K>();
  for (const kind of kinds) {
    const apiVersion = apiVersionOf(kind);
    add(resources, { key: `${apiVersion}/${kind.plural}`, kind });
    add(types, { key: `${apiVersion}/${kind.kind}`, kind });
  }
  return {
    kinds,
    byResource: ({ plural, ...groupVersion }) => resources.get(`${apiVersionOf(groupVersion)}/${plural}`),
    byType: ({ apiVersion, kind }) => types.get(`${apiVersion}/${kind}`),
  };
}

function add<K>(kinds: Map<string, K>, { key, kind }: { readonly key: string; readonly kind: K }): void {
  if (kinds.has(key)) throw new Error(`two kinds are called ${key}`);
  kinds.set(key, kind);
}
