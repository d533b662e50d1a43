import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, statusErrors, type ApiObject, type Kind } from "@leasehold/api";
import type { WatchEvent } from "../verbs/watch.ts";
import { encodeEvent, type EventForm } from "./encode-watch.ts";
import type { OutputForm } from "./negotiate.ts";
import { plainTable } from "./table.ts";

const kind: Kind = leaseKind;
const object: ApiObject = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "a", resourceVersion: "7" },
  spec: { holderIdentity: "me" },
};
const added: WatchEvent = { type: "ADDED", object };
const bookmark: WatchEvent = { type: "BOOKMARK", revision: 9, endsInitialEvents: false };
const end: WatchEvent = { type: "BOOKMARK", revision: 9, endsInitialEvents: true };
const failed: WatchEvent = { type: "ERROR", error: statusErrors.badRequest("no") };

const lease = { kind: "Lease", apiVersion: "coordination.k8s.io/v1" };
const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };
const ended = { resourceVersion: "9", annotations: { "k8s.io/initial-events-end": "true" } };
const status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "no",
  reason: "BadRequest",
  code: 400,
};

const events: readonly (readonly [
  title: string,
  event: WatchEvent,
  as: OutputForm["kind"],
  object: unknown,
])[] = [
  ["an object is itself", added, "object", { ...lease, metadata: object.metadata, spec: object.spec }],
  ["an object may be cut down", added, "PartialObjectMetadata", { ...partial, metadata: object.metadata }],
  [
    "a bookmark is an empty object",
    bookmark,
    "object",
    { ...lease, metadata: { resourceVersion: "9" }, spec: {} },
  ],
  ["the end of the state says so", end, "object", { ...lease, metadata: ended, spec: {} }],
  ["an error is a Status", failed, "object", status],
  ["an error is a Status in every form", failed, "PartialObjectMetadataList", status],
  ["an error is a Status beside Tables, too", failed, "Table", status],
  ["one object is no list", added, "PartialObjectMetadataList", undefined],
  ["a bookmark is no list", end, "PartialObjectMetadataList", undefined],
];

for (const [title, event, as, expected] of events) {
  test(`in a watch for ${as}, ${title}`, () => {
    const bytes = encodeEvent(event, formOf(as));
    if (expected === undefined) return assert.equal(bytes, undefined);
    const frame = new TextDecoder().decode(bytes);
    assert.ok(frame.endsWith("}\n"));
    assert.deepEqual(JSON.parse(frame), { type: event.type, object: expected });
  });
}

const tables: readonly (readonly [
  include: EventForm["table"]["includeObject"],
  event: WatchEvent,
  rows: unknown,
])[] = [
  [
    "Metadata",
    bookmark,
    [{ cells: ["", "", "<unknown>"], object: { ...partial, metadata: { resourceVersion: "9" } } }],
  ],
  ["None", bookmark, [{ cells: ["", "", "<unknown>"], object: null }]],
  ["None", end, [{ cells: ["", "", "<unknown>"], object: { ...partial, metadata: ended } }]],
  ["Object", end, [{ cells: ["", "", "<unknown>"], object: { ...lease, metadata: ended, spec: {} } }]],
  ["None", added, [{ cells: ["a", "me", "<unknown>"], object: null }]],
];

for (const [includeObject, event, rows] of tables) {
  const which = event === end ? "the last initial event" : event.type;
  test(`in a Table with ${includeObject} of the object, ${which} has ${JSON.stringify(rows)}`, () => {
    const form = { ...formOf("Table"), table: { ...plainTable, includeObject } };
    const frame = new TextDecoder().decode(encodeEvent(event, form));
    assert.partialDeepStrictEqual(JSON.parse(frame), { object: { rows } });
  });
}

test("an event is encoded once for all who want it in the same form", () => {
  assert.equal(encodeEvent(added, formOf("object")), encodeEvent(added, formOf("object")));
});

function formOf(as: OutputForm["kind"]): EventForm {
  const form: OutputForm = as === "object" ? { kind: as } : { kind: as, version: "v1" };
  return { kind, output: { mediaType: "json", pretty: false, as: form }, table: plainTable };
}
