import type { ApiObject, Kind } from "@leasehold/api";
import { guardedWrite } from "../registry/guarded-write.ts";
import { objectOf } from "../registry/stored-object.ts";
import { keyOf, type ObjectTarget, type Registry } from "../registry/target.ts";
import { writeAsServer } from "../registry/write-as-server.ts";
import {
  bootstrapBindings,
  bootstrapRoles,
  type BootstrapBinding,
  type BootstrapRole,
} from "./bootstrap-policy.ts";
import { uncovered } from "./covers.ts";
import type { PolicyKinds } from "./follow-policy.ts";
import type { BindingGrant, ClusterRoleRules, RoleRef } from "./policy-objects.ts";
import { isSameValue } from "./same-value.ts";

/**
 * Makes the default roles and bindings as they should be, at each start: what is missing is added, what somebody added stays, and what
 * is annotated with autoupdate "false" is left alone. Source: k8s.io/component-helpers/auth/rbac/reconciliation.
 */
export async function reconcileBootstrapPolicy(registry: Registry, kinds: PolicyKinds): Promise<void> {
  for (const role of bootstrapRoles) {
    const kind = role.namespace === "" ? kinds.clusterroles : kinds.roles;
    const { name, namespace } = role;
    await writeAsServer(registry, {
      target: { kind, namespace, name },
      manager,
      wanted: (current) =>
        current === undefined ? newObject(kind, role, rulesOf(role)) : withRole(current, role),
    });
  }
  for (const binding of bootstrapBindings) {
    const kind = binding.namespace === "" ? kinds.clusterrolebindings : kinds.rolebindings;
    const { name, namespace, roleRef, subjects = [] } = binding;
    const target = { kind, namespace, name };
    await removeIfOther(registry, target, roleRef);
    await writeAsServer(registry, {
      target,
      manager,
      wanted: (current) =>
        current === undefined
          ? newObject(kind, binding, { roleRef, ...(subjects.length > 0 && { subjects }) })
          : withSubjects(current, binding),
    });
  }
}

/** As the reference signs them, so that a client sees no difference. */
const manager = "kube-apiserver";
const autoUpdate = "rbac.authorization.kubernetes.io/autoupdate";
const commonLabels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
const commonAnnotations = { [autoUpdate]: "true" };

interface Placed {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function newObject(
  kind: Kind,
  { name, namespace, labels }: Placed,
  content: Readonly<Record<string, unknown>>,
): ApiObject {
  const metadata = {
    name,
    namespace: namespace === "" ? undefined : namespace,
    labels: { ...commonLabels, ...labels },
    annotations: commonAnnotations,
  };
  return { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata, ...content };
}

function rulesOf({ rules = [], aggregationRule }: BootstrapRole): Readonly<Record<string, unknown>> {
  return aggregationRule === undefined ? { rules } : { rules, aggregationRule };
}

function withRole(current: ApiObject, expected: BootstrapRole): ApiObject {
  if (isProtected(current)) return current;
  const there = current as ApiObject & ClusterRoleRules;
  const before = there.rules ?? [];
  const missing = uncovered(before, expected.rules ?? []);
  const aggregationRule = mergedAggregation(there, expected);
  const marked = withMarks(current, expected);
  return { ...marked, rules: missing.length === 0 ? there.rules : [...before, ...missing], aggregationRule };
}

/** A role that should not be aggregated is made whole again; one that should keeps what else it selects. */
function mergedAggregation(
  current: ClusterRoleRules,
  expected: ClusterRoleRules,
): ClusterRoleRules["aggregationRule"] {
  if (expected.aggregationRule === undefined) return undefined;
  const there = current.aggregationRule?.clusterRoleSelectors ?? [];
  const wanted = expected.aggregationRule.clusterRoleSelectors ?? [];
  const missing = wanted.filter((selector) => !there.some((other) => isSameValue(other, selector)));
  return { clusterRoleSelectors: [...there, ...missing] };
}

function withSubjects(current: ApiObject, expected: BootstrapBinding): ApiObject {
  if (isProtected(current)) return current;
  const there = (current as ApiObject & BindingGrant).subjects ?? [];
  const missing = (expected.subjects ?? []).filter(
    (subject) => !there.some((other) => isSameValue(other, subject)),
  );
  const marked = withMarks(current, {});
  return missing.length === 0 ? marked : { ...marked, subjects: [...there, ...missing] };
}

/** What a binding refers to cannot be changed, so one that refers to something else makes room. */
async function removeIfOther(registry: Registry, target: ObjectTarget, roleRef: RoleRef): Promise<void> {
  const there = await registry.store.read({ key: keyOf(target) });
  if (there.kind !== "found" || !refersElsewhere(objectOf(target.kind, there.entry), roleRef)) return;
  await guardedWrite(registry, target, (current) => {
    if (current === undefined || !refersElsewhere(current, roleRef)) {
      return { kind: "answer", object: current ?? objectOf(target.kind, there.entry) };
    }
    return { kind: "remove" };
  });
}

function refersElsewhere(binding: ApiObject, roleRef: RoleRef): boolean {
  return !isProtected(binding) && !isSameValue((binding as ApiObject & BindingGrant).roleRef, roleRef);
}

/** The labels and annotations that all of these have; another value that somebody gave them stays. */
function withMarks(current: ApiObject, { labels }: { readonly labels?: Placed["labels"] }): ApiObject {
  const { metadata } = current;
  return {
    ...current,
    metadata: {
      ...metadata,
      labels: { ...commonLabels, ...labels, ...metadata.labels },
      annotations: { ...commonAnnotations, ...metadata.annotations },
    },
  };
}

function isProtected({ metadata }: ApiObject): boolean {
  return metadata.annotations?.[autoUpdate] === "false";
}
