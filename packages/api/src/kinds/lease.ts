import { message, type ValueOf } from "../schema.ts";
import { objectMeta } from "../meta/object-meta.ts";

const coordinationPackage = "io.k8s.api.coordination.v1";

/** What a Lease says: who holds it, since when, for how long. */
export const leaseSpec = message({
  name: "LeaseSpec",
  package: coordinationPackage,
  description: "Who holds the lease, since when and for how long.",
  fields: [
    {
      name: "holderIdentity",
      number: 1,
      type: "string",
      presence: "pointer",
      description:
        "Identity of the present holder; empty or absent when nobody holds the lease. With coordinated election it is the name of the elected LeaseCandidate.",
    },
    {
      name: "leaseDurationSeconds",
      number: 2,
      type: "int32",
      presence: "pointer",
      description:
        "Seconds that a candidate must wait, after it last saw the lease change, before it may take it. Greater than 0.",
    },
    {
      name: "acquireTime",
      number: 3,
      type: "microTime",
      presence: "pointer",
      description: "When the present holder took the lease, by its own clock.",
    },
    {
      name: "renewTime",
      number: 4,
      type: "microTime",
      presence: "pointer",
      description: "When the present holder last renewed the lease, by its own clock.",
    },
    {
      name: "leaseTransitions",
      number: 5,
      type: "int32",
      presence: "pointer",
      description: "How often the lease went from one holder to another.",
    },
    {
      name: "strategy",
      number: 6,
      type: "string",
      presence: "pointer",
      description: "How a coordinated election picks the holder. Absent: candidates take the lease by themselves.",
    },
    {
      name: "preferredHolder",
      number: 7,
      type: "string",
      presence: "pointer",
      description:
        "Tells the holder that this candidate suits better and that it should give the lease up. Only together with strategy.",
    },
  ],
});

/** A claim to lead, or a sign of life. */
export const leaseTable = message({
  name: "Lease",
  package: coordinationPackage,
  description: "A claim that one holder has for a bounded time: the ground of leader elections and heartbeats.",
  fields: [
    {
      name: "metadata",
      number: 1,
      type: objectMeta,
      presence: "always",
      default: {},
      description: "Standard metadata of the object.",
    },
    {
      name: "spec",
      number: 2,
      type: leaseSpec,
      presence: "always",
      default: {},
      description: "Who holds the lease, since when and for how long.",
    },
  ],
});

export type LeaseSpec = ValueOf<typeof leaseSpec>;
export type Lease = ValueOf<typeof leaseTable> & {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
};
