import { statusErrors, type ApiObject } from "@leasehold/api";
import { awaitRevision } from "../registry/freshness.ts";
import { parseResourceVersion } from "../registry/resource-version.ts";
import { objectOf } from "../registry/stored-object.ts";
import {
  kindPrefixOf,
  requestedKeyOf,
  resourceOf,
  type ObjectTarget,
  type Registry,
} from "../registry/target.ts";

export interface GetCommand {
  readonly target: ObjectTarget;
  /** As the client sent it: empty is the newest state, a number any state that is not older. */
  readonly resourceVersion: string;
}

/** Reads one object. */
export async function get(registry: Registry, command: GetCommand): Promise<ApiObject> {
  const { target } = command;
  const key = requestedKeyOf(target);
  const version = parseResourceVersion(command.resourceVersion);
  if (version.kind === "malformed") throw statusErrors.unclassified(version.message);
  if (version.revision > 0)
    await awaitRevision(registry, { prefix: kindPrefixOf(target.kind), revision: version.revision });
  const notOlderThan = command.resourceVersion === "" ? undefined : version.revision;
  const result = await registry.store.read({ key, notOlderThan });
  if (result.kind === "found") return objectOf(target.kind, result.entry);
  throw statusErrors.notFound(resourceOf(target.kind), target.name);
}
