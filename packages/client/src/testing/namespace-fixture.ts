import { namespaceKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import { ResourceClient } from "../resources/resource-client.ts";

/** A namespace that no other test uses; not removed, because a test's server goes as a whole and a foreign one is thrown away. */
export async function freshNamespace(connection: Connection): Promise<string> {
  const namespaces = new ResourceClient(connection, namespaceKind);
  const { metadata } = await namespaces.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { generateName: "client-test-" },
    spec: {},
    status: {},
  });
  return metadata.name ?? "";
}
