import { statusErrors, type ApiObject, type Subresource } from "@leasehold/api";
import { fieldTracking } from "./field-tracking.ts";
import { recordUpdate } from "./managed-fields/record-update.ts";
import { admitCreate } from "./namespace-lifecycle.ts";
import { resourceOf, type ObjectTarget, type Registry } from "./target.ts";
import { updateObject } from "./update-object.ts";

/** A write that no client asked for. */
export interface ServerWrite {
  readonly target: ObjectTarget;
  /** Undefined for the object itself. */
  readonly subresource?: Subresource | undefined;
  /** The field manager: which part of the server it is. */
  readonly manager: string;
  /**
   * The object as it should be, given what is there; undefined to leave it. Asked again when somebody else was faster. An object that is
   * changed keeps its `metadata.resourceVersion`.
   */
  wanted(current: ApiObject | undefined): ApiObject | undefined;
}

/** Creates or changes an object by the rules that hold for every client. Writes nothing when nothing changes. */
export async function writeAsServer(registry: Registry, write: ServerWrite): Promise<ApiObject> {
  const { target, subresource, manager } = write;
  const tracking = fieldTracking(registry, { kind: target.kind, subresource, manager });
  const { object } = await updateObject(registry, {
    target,
    subresource,
    preconditions: {},
    mayCreate: true,
    dryRun: false,
    authorizeCreate: () => {},
    async propose(current) {
      const object = write.wanted(current);
      if (object === undefined || object === current) return current ?? absent(target);
      if (current === undefined) await admitCreate(registry, target);
      return recordUpdate({ ...tracking, old: current, object });
    },
  });
  return object;
}

function absent({ kind, name }: ObjectTarget): never {
  throw statusErrors.notFound(resourceOf(kind), name);
}
