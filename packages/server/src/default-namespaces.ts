import { namespaceKind, StatusError, type Namespace } from "@leasehold/api";
import type { Registry } from "./registry/target.ts";
import { create } from "./verbs/create.ts";

/** The namespaces that every cluster has. */
const names = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Creates the namespaces that are missing. Those that are there stay as they are. */
export async function createDefaultNamespaces(registry: Registry): Promise<void> {
  for (const name of names) await createIfMissing(registry, name);
}

async function createIfMissing(registry: Registry, name: string): Promise<void> {
  const plain: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {}, status: {} };
  const object = namespaceKind.rules.withDefaults(plain);
  const target = { kind: namespaceKind, namespace: "" };
  try {
    await create(registry, {
      target,
      object,
      dryRun: false,
      manager: "kube-apiserver",
      warn: () => {},
      admit: () => {},
    });
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== "AlreadyExists") throw error;
  }
}
