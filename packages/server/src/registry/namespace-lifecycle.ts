import { namespaceKind, nameMessages, quote, statusErrors, type ApiObject } from "@leasehold/api";
import { objectOf } from "./stored-object.ts";
import { keyOf, resourceOf, type ObjectTarget, type Registry } from "./target.ts";

/** Refuses to create anything in a namespace that is not there, or that is going. */
export async function admitCreate(registry: Registry, target: ObjectTarget): Promise<void> {
  const { kind, namespace } = target;
  // An object without a namespace is refused as such, later.
  if (kind.scope === "cluster" || namespace === "") return;
  const messages = nameMessages("segment", namespace);
  if (messages.length > 0) {
    throw statusErrors.internalError(`invalid resource name ${quote(namespace)}: [${messages.join(" ")}]`);
  }
  const result = await registry.store.read({
    key: keyOf({ kind: namespaceKind, namespace: "", name: namespace }),
  });
  if (result.kind !== "found") throw statusErrors.notFound(resourceOf(namespaceKind), namespace);
  if (isTerminating(objectOf(namespaceKind, result.entry))) {
    throw statusErrors.namespaceTerminating(resourceOf(kind), { name: target.name, namespace });
  }
}

function isTerminating(namespace: ApiObject): boolean {
  const { status } = namespace;
  return typeof status === "object" && status !== null && "phase" in status && status.phase === "Terminating";
}
