import type { BindingGrant, ClusterRoleRules, RoleRules } from "./policy-objects.ts";

/** The four collections that the policy is made of. */
export interface PolicyParts {
  readonly roles: RoleRules;
  readonly rolebindings: BindingGrant;
  readonly clusterroles: ClusterRole;
  readonly clusterrolebindings: BindingGrant;
}

export type PolicyPart = keyof PolicyParts;

export interface ClusterRole extends ClusterRoleRules {
  readonly labels: Readonly<Record<string, string>>;
}

/** A place in one of the collections. `namespace` is empty for those of cluster scope. */
export interface PolicyPlace {
  readonly namespace: string;
  readonly name: string;
}

export interface Named<T> {
  readonly name: string;
  readonly object: T;
}

/** Everything that Roles and bindings say, in memory. Whoever draws conclusions from it draws them anew when `generation` grows. */
export class Policy {
  readonly #parts: { readonly [P in PolicyPart]: Collection<PolicyParts[P]> } = {
    roles: new Map(),
    rolebindings: new Map(),
    clusterroles: new Map(),
    clusterrolebindings: new Map(),
  };
  #generation = 0;

  /** Grows with every change. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes note of an object, or with undefined, of its removal. */
  set<P extends PolicyPart>(part: P, place: PolicyPlace, object: PolicyParts[P] | undefined): void {
    this.#generation += 1;
    const collection: Collection<PolicyParts[P]> = this.#parts[part];
    const there = collection.get(place.namespace) ?? new Map<string, PolicyParts[P]>();
    if (object === undefined) there.delete(place.name);
    else there.set(place.name, object);
    if (there.size === 0) collection.delete(place.namespace);
    else collection.set(place.namespace, there);
  }

  /** Forgets a whole part, because it is about to be read again. */
  clear(part: PolicyPart): void {
    this.#generation += 1;
    this.#parts[part].clear();
  }

  get<P extends PolicyPart>(part: P, { namespace, name }: PolicyPlace): PolicyParts[P] | undefined {
    const collection: Collection<PolicyParts[P]> = this.#parts[part];
    return collection.get(namespace)?.get(name);
  }

  /** The objects of one namespace, by name, so that equal policies give equal reasons. */
  list<P extends PolicyPart>(part: P, namespace: string): readonly Named<PolicyParts[P]>[] {
    const collection: Collection<PolicyParts[P]> = this.#parts[part];
    const there = [...(collection.get(namespace) ?? [])];
    return there
      .map(([name, object]) => ({ name, object }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** By namespace, then by name. */
type Collection<T> = Map<string, Map<string, T>>;
