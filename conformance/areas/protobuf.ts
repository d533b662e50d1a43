import assert from "node:assert/strict";
import type { ConformanceCase } from "../case.ts";
import { table } from "../case.ts";
import { created, lease, ok, storedLease } from "../vocabulary/leases.ts";
import { refused } from "../vocabulary/statuses.ts";
import { anUid, anything, aRevision, having, Matcher, textLike } from "../wire/match.ts";
import { encodeUnknown } from "../wire/protobuf.ts";
import { mediaTypes } from "../wire/request.ts";

type Members = Readonly<Record<string, unknown>>;

const { protobuf: type } = mediaTypes;
const apiVersion = "coordination.k8s.io/v1";
const spec = { holderIdentity: "me", leaseDurationSeconds: 15, leaseTransitions: 0 };
const renewTime = { seconds: 1_704_164_645, nanos: 123_456_000 };
const labels = { x: "y" };

/** An object without fields to own has no managers. */
const someManagers = new Matcher(
  "managers of fields",
  (value) => value === undefined || Array.isArray(value),
);

const listMetadata = { selfLink: "", resourceVersion: aRevision, continue: "" };

export const protobufCases: readonly ConformanceCase[] = [
  table("an object in protobuf is the same as in JSON", {
    rows: [
      [
        "POST leases",
        { protobuf: sent({ name: "a", labels }, { ...spec, renewTime }), accept: type },
        created(stored("a", { ...spec, renewTime }, { labels }), { type }),
      ],
      ["GET leases/a", { accept: type }, ok(stored("a", { ...spec, renewTime }, { labels }), { type })],
      [
        "GET leases/a",
        ok(storedLease("a", { ...spec, renewTime: "2024-01-02T03:04:05.123456Z" }, { labels })),
      ],
    ],
  }),
  table("members that are not there are not written, and those that are empty are", {
    given: [lease("a"), lease("b", { holderIdentity: "", leaseTransitions: 0 })],
    rows: [
      ["GET leases/a", { accept: type }, ok(stored("a", {}), { type })],
      [
        "GET leases/b",
        { accept: type },
        ok(stored("b", { holderIdentity: "", leaseTransitions: 0 }), { type }),
      ],
    ],
  }),
  table("a client that prefers protobuf gets refusals in it too", {
    rows: [
      [
        "GET leases/absent",
        { accept: `${type},application/json` },
        {
          status: 404,
          type,
          body: status({
            status: "Failure",
            message: 'leases.coordination.k8s.io "absent" not found',
            reason: "NotFound",
            details: {
              name: "absent",
              group: "coordination.k8s.io",
              kind: "leases",
              uid: "",
              retryAfterSeconds: 0,
            },
            code: 404,
          }),
        },
      ],
    ],
  }),
  {
    name: "an update in protobuf is bound to its version",
    async run({ ask, make }) {
      const { revision: resourceVersion } = await make("leases", lease("a"));
      const update = (holderIdentity: string) => ({
        protobuf: sent({ name: "a", resourceVersion }, { holderIdentity }),
        accept: type,
      });
      (await ask("PUT leases/a", update("you"))).is(ok(stored("a", { holderIdentity: "you" }), { type }));
      const late = await ask("PUT leases/a", update("late"));
      assert.equal(late.status, 409);
      assert.equal(late.read("reason"), "Conflict");
    },
  },
  table("lists hold objects without envelopes", {
    given: [lease("a", { holderIdentity: "me" })],
    rows: [
      [
        "GET leases",
        { accept: type },
        ok(
          {
            apiVersion,
            kind: "LeaseList",
            metadata: listMetadata,
            items: [{ metadata: metadata("a"), spec: { holderIdentity: "me" } }],
          },
          { type },
        ),
      ],
    ],
  }),
  {
    name: "a watch in protobuf has frames with their lengths before them",
    async run({ ask, make, watch }) {
      const { revision } = await ask("GET leases");
      const open = await watch(`leases?watch=1&resourceVersion=${revision}`, { accept: type });
      assert.equal(open.type, `${type};stream=watch`);
      await make("leases", lease("a", { holderIdentity: "me" }));
      await ask("DELETE leases/a");
      await open.tells(
        ["ADDED", stored("a", { holderIdentity: "me" })],
        ["DELETED", stored("a", { holderIdentity: "me" })],
      );
    },
  },
  table("metadata alone is had in protobuf, a table is not", {
    given: [lease("a")],
    rows: [
      [
        "GET leases/a",
        { accept: `${type};as=PartialObjectMetadata;v=v1;g=meta.k8s.io` },
        ok(
          { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: metadata("a") },
          { type },
        ),
      ],
      [
        "GET leases",
        { accept: `${type};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io` },
        ok(
          {
            apiVersion: "meta.k8s.io/v1",
            kind: "PartialObjectMetadataList",
            metadata: listMetadata,
            items: [{ metadata: metadata("a") }],
          },
          { type },
        ),
      ],
      [
        "GET leases",
        { accept: `${type};as=Table;v=v1;g=meta.k8s.io` },
        refused(406, "NotAcceptable", { message: anything }),
      ],
    ],
  }),
  {
    name: "options of a deletion are read in protobuf",
    async run({ ask, make }) {
      await make("leases", lease("a"));
      const options = (uid: string) =>
        encodeUnknown({ apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } });
      const { uid } = await ask("GET leases/a");
      assert.equal((await ask("DELETE leases/a", { protobuf: options("1") })).status, 409);
      (await ask("DELETE leases/a", { protobuf: options(uid), accept: type })).is(
        ok(
          status({
            status: "Success",
            message: "",
            reason: "",
            details: { name: "a", group: "coordination.k8s.io", kind: "leases", uid, retryAfterSeconds: 0 },
            code: 0,
          }),
          { type },
        ),
      );
    },
  },
  {
    name: "bytes that are no text are kept, and stand as replacement characters in JSON",
    async run({ ask }) {
      const body = Buffer.from(sent({ name: "a" }, { holderIdentity: "a??b" }));
      body.set([0xff, 0xc3], body.indexOf("??"));
      assert.equal((await ask("POST leases", { protobuf: body })).status, 201);
      const kept = await ask("GET leases/a", { accept: type });
      assert.ok(Buffer.from(kept.bytes).includes(Buffer.from("a\u00ff\u00c3b", "latin1")));
      const { text } = await ask("GET leases/a");
      assert.ok(text.includes(String.raw`"holderIdentity":"a\ufffd\ufffdb"`), text);
      body.set([0xff], body.indexOf("v1"));
      (await ask("POST leases", { protobuf: body })).is(badBody(/version "coordination.k8s.io\/\\xff1"/));
    },
  },
  table("bytes that are no protobuf are refused", {
    rows: [
      [
        "POST leases",
        { protobuf: new TextEncoder().encode("garbage") },
        badBody(/provided data does not appear to be a protobuf message/),
      ],
      [
        "POST leases",
        { protobuf: Uint8Array.of(0x6b, 0x38, 0x73, 0, 0xff, 0xff, 0xff) },
        badBody(/unexpected EOF/),
      ],
      [
        "POST leases",
        { json: lease("a"), type },
        badBody(/provided data does not appear to be a protobuf message/),
      ],
    ],
  }),
];

function sent(metadata: Members, spec: Members): Uint8Array {
  return encodeUnknown({ apiVersion, kind: "Lease", metadata, spec });
}

/** What a Go server always writes of the metadata, empty or not. */
function metadata(name: string, more: Members = {}): Members {
  return {
    name,
    generateName: "",
    namespace: "{ns}",
    selfLink: "",
    uid: anUid,
    resourceVersion: aRevision,
    generation: 0,
    creationTimestamp: having({ nanos: 0 }),
    managedFields: someManagers,
    ...more,
  };
}

function stored(name: string, spec: Members, more: Members = {}): Members {
  return { apiVersion, kind: "Lease", metadata: metadata(name, more), spec };
}

function status(members: Members): Members {
  return {
    apiVersion: "v1",
    kind: "Status",
    metadata: { selfLink: "", resourceVersion: "", continue: "" },
    ...members,
  };
}

function badBody(why: RegExp) {
  return refused(400, "BadRequest", { message: textLike(why) });
}
