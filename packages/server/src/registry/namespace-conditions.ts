import type { Kind, Namespace } from "@leasehold/api";

/** What an attempt to empty a namespace left behind. */
export interface Leftovers {
  readonly remaining: readonly { readonly kind: Pick<Kind, "plural" | "group">; readonly count: number }[];
  /** In how many objects each finalizer stands. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** What could not be deleted, and why. */
  readonly failures: readonly string[];
}

type Conditions = NonNullable<Namespace["status"]["conditions"]>;
type Condition = Conditions[number];

/**
 * The conditions of a namespace that is going, in kube-controller-manager's words; the same list when nothing changes. A condition
 * keeps its time while its status stays. Source: kubernetes/pkg/controller/namespace/deletion.
 */
export function drainConditions(before: Conditions, leftovers: Leftovers, now: string): Conditions {
  let isSame = true;
  const after = [...before];
  for (const wanted of wantedConditions(leftovers)) {
    const at = after.findIndex(({ type }) => type === wanted.type);
    const there = after[at];
    if (there === undefined) after.push({ ...wanted, lastTransitionTime: now });
    else if (isEqual(there, wanted)) continue;
    else {
      const lastTransitionTime = there.status === wanted.status ? there.lastTransitionTime : now;
      after[at] = { ...wanted, lastTransitionTime };
    }
    isSame = false;
  }
  return isSame ? before : after;
}

function wantedConditions({ remaining, finalizers, failures }: Leftovers): readonly Condition[] {
  return [
    condition("NamespaceDeletionDiscoveryFailure", {
      good: { reason: "ResourcesDiscovered", message: "All resources successfully discovered" },
      bad: undefined,
    }),
    condition("NamespaceDeletionGroupVersionParsingFailure", {
      good: { reason: "ParsedGroupVersions", message: "All legacy kube types successfully parsed" },
      bad: undefined,
    }),
    condition("NamespaceDeletionContentFailure", {
      good: {
        reason: "ContentDeleted",
        message: "All content successfully deleted, may be waiting on finalization",
      },
      bad: failures.length === 0 ? undefined : contentFailure(failures),
    }),
    condition("NamespaceContentRemaining", {
      good: { reason: "ContentRemoved", message: "All content successfully removed" },
      bad: remaining.length === 0 ? undefined : contentRemaining(remaining),
    }),
    condition("NamespaceFinalizersRemaining", {
      good: { reason: "ContentHasNoFinalizers", message: "All content-preserving finalizers finished" },
      bad: finalizers.size === 0 ? undefined : finalizersRemaining(finalizers),
    }),
  ];
}

interface Because {
  readonly reason: string;
  readonly message: string;
}

function condition(
  type: string,
  { good, bad }: { readonly good: Because; readonly bad: Because | undefined },
): Condition {
  return bad === undefined ? { type, status: "False", ...good } : { type, status: "True", ...bad };
}

function contentFailure(failures: readonly string[]): Because {
  const texts = failures.toSorted().join(", ");
  const message = `Failed to delete all resource types, ${failures.length} remaining: ${texts}`;
  return { reason: "ContentDeletionFailed", message };
}

function contentRemaining(remaining: Leftovers["remaining"]): Because {
  const texts = remaining.map(
    ({ kind, count }) => `${kind.plural}.${kind.group} has ${count} resource instances`,
  );
  return {
    reason: "SomeResourcesRemain",
    message: `Some resources are remaining: ${texts.toSorted().join(", ")}`,
  };
}

function finalizersRemaining(finalizers: ReadonlyMap<string, number>): Because {
  const texts = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  const message = `Some content in the namespace has finalizers remaining: ${texts.toSorted().join(", ")}`;
  return { reason: "SomeFinalizersRemain", message };
}

function isEqual(one: Condition, other: Condition): boolean {
  return one.status === other.status && one.reason === other.reason && one.message === other.message;
}
