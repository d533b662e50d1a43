import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeJson } from "../json/encode.ts";
import { leaseKind } from "../kinds/lease.ts";
import { listMeta } from "../meta/list-meta.ts";
import { status } from "../meta/status.ts";
import { decodeProtobufFields, decodeProtobufWatchEvent, openProtobufEnvelope } from "./decode.ts";
import {
  encodeProtobuf,
  encodeProtobufFields,
  encodeProtobufList,
  encodeProtobufWatchEvent,
  protobufEnvelope,
} from "./encode.ts";
import { encodeWatchFrame, WatchFrameReader, watchFrameBytesMax } from "./watch-frame.ts";

/** What a kube-apiserver 1.36 sent: one event of a watch, a list of the same object, and a refusal. */
const watchFrame = fromHex(`
  0000020b0a0541444445441281040afe036b3873000a1f0a16636f6f7264696e6174696f6e2e6b38732e696f2f763112054c6561
  736512d2030aa8030a0363617012001a0764656661756c7422002a2436326136323831322d386137612d343963382d386466302d
  35313235313961326136383932033238343800420808a89a8cd80610005a060a01611201325a060a016212013162070a017a1202
  c3a96a110a03506f641a01702201752a02763130008a01af020a046e6f646512065570646174651a16636f6f7264696e6174696f
  6e2e6b38732e696f2f7631220808a89a8cd806100032084669656c647356313af0010aed017b22663a6d65746164617461223a7b
  22663a616e6e6f746174696f6e73223a7b222e223a7b7d2c22663a7a223a7b7d7d2c22663a6c6162656c73223a7b222e223a7b7d
  2c22663a61223a7b7d2c22663a62223a7b7d7d2c22663a6f776e65725265666572656e636573223a7b222e223a7b7d2c226b3a7b
  5c227569645c223a5c22755c227d223a7b7d7d7d2c22663a73706563223a7b22663a6163717569726554696d65223a7b7d2c2266
  3a686f6c6465724964656e74697479223a7b7d2c22663a6c656173654475726174696f6e5365636f6e6473223a7b7d2c22663a72
  656e657754696d65223a7b7d7d7d420012250a0010ac021a1108ffffffffffffffffff0110988cebdc03220b08a5facdac061080
  94ef3a1a002200
`);
const list = fromHex(`
  6b3873000a230a16636f6f7264696e6174696f6e2e6b38732e696f2f763112094c656173654c69737412e0030a090a0012033238
  341a0012d2030aa8030a0363617012001a0764656661756c7422002a2436326136323831322d386137612d343963382d38646630
  2d35313235313961326136383932033238343800420808a89a8cd80610005a060a01611201325a060a016212013162070a017a12
  02c3a96a110a03506f641a01702201752a02763130008a01af020a046e6f646512065570646174651a16636f6f7264696e617469
  6f6e2e6b38732e696f2f7631220808a89a8cd806100032084669656c647356313af0010aed017b22663a6d65746164617461223a
  7b22663a616e6e6f746174696f6e73223a7b222e223a7b7d2c22663a7a223a7b7d7d2c22663a6c6162656c73223a7b222e223a7b
  7d2c22663a61223a7b7d2c22663a62223a7b7d7d2c22663a6f776e65725265666572656e636573223a7b222e223a7b7d2c226b3a
  7b5c227569645c223a5c22755c227d223a7b7d7d7d2c22663a73706563223a7b22663a6163717569726554696d65223a7b7d2c22
  663a686f6c6465724964656e74697479223a7b7d2c22663a6c656173654475726174696f6e5365636f6e6473223a7b7d2c22663a
  72656e657754696d65223a7b7d7d7d420012250a0010ac021a1108ffffffffffffffffff0110988cebdc03220b08a5facdac0610
  8094ef3a1a002200
`);
const refusal = fromHex(`
  6b3873000a0c0a027631120653746174757312740a060a0012001a0012074661696c7572651a2b6c65617365732e636f6f726469
  6e6174696f6e2e6b38732e696f20226e6f706522206e6f7420666f756e6422084e6f74466f756e642a270a046e6f70651213636f
  6f7264696e6174696f6e2e6b38732e696f1a066c6561736573280032003094031a002200
`);

const leaseJson = String.raw`{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"cap","namespace":"default","uid":"62a62812-8a7a-49c8-8df0-512519a2a689","resourceVersion":"284","creationTimestamp":"2026-11-22T15:41:28Z","labels":{"a":"2","b":"1"},"annotations":{"z":"é"},"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u","controller":false}],"managedFields":[{"manager":"node","operation":"Update","apiVersion":"coordination.k8s.io/v1","time":"2026-11-22T15:41:28Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:z":{}},"f:labels":{".":{},"f:a":{},"f:b":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"u\"}":{}}},"f:spec":{"f:acquireTime":{},"f:holderIdentity":{},"f:leaseDurationSeconds":{},"f:renewTime":{}}}}]},"spec":{"holderIdentity":"","leaseDurationSeconds":300,"acquireTime":"1969-12-31T23:59:59.999999Z","renewTime":"2024-01-02T03:04:05.123456Z"}}`;
const refused404 = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: 'leases.coordination.k8s.io "nope" not found',
  reason: "NotFound",
  details: { name: "nope", group: "coordination.k8s.io", kind: "leases" },
  code: 404,
};

const typeMeta = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
const { table } = leaseKind;

test("an event of a watch is taken apart and put together to the same bytes", () => {
  const frames = new WatchFrameReader().push(watchFrame);
  const event = decodeProtobufWatchEvent(frames.kind === "frames" ? (frames.frames[0] ?? empty) : empty);
  assert.equal(event.kind === "opened" && event.type, "ADDED");
  const envelope = openProtobufEnvelope(event.kind === "opened" ? event.object : empty);
  assert.deepEqual(envelope.kind === "opened" && envelope.typeMeta, typeMeta);
  const value = valueIn(envelope.kind === "opened" ? envelope.message : empty);
  assert.equal(encodeJson({ ...value, ...typeMeta }, table), leaseJson);
  const object = encodeProtobuf({ ...value, ...typeMeta }, table);
  assertBytes(encodeWatchFrame(encodeProtobufWatchEvent({ type: "ADDED", object })), watchFrame);
});

test("a list is its joined pieces", () => {
  const envelope = openProtobufEnvelope(list);
  assert.equal(envelope.kind, "opened");
  const metadata = encodeProtobufFields({ resourceVersion: listVersion() }, listMeta);
  const item = leaseMessage();
  assertBytes(encodeProtobufList({ ...typeMeta, kind: "LeaseList" }, { metadata, items: [item] }), list);
});

test("a Status has the same bytes", () => {
  assertBytes(encodeProtobuf(refused404, status), refusal);
});

test("a message that was kept fits into an envelope", () => {
  const value = valueIn(leaseMessage());
  assertBytes(protobufEnvelope(typeMeta, leaseMessage()), encodeProtobuf({ ...value, ...typeMeta }, table));
});

const refused: readonly (readonly [why: string, hex: string, message: string])[] = [
  ["a varint that does not end", "ff", "unexpected EOF"],
  ["a varint of more than ten bytes", "ffffffffffffffffffffff", "proto: integer overflow"],
  ["a length beyond the end", "0a05", "unexpected EOF"],
  ["a length below zero", "0affffffffffffffffff01", "proto: negative length found during unmarshaling"],
  ["the wrong wire type", "08", "proto: wrong wireType = 0 for field ObjectMeta"],
  ["the wrong wire type inside", "1202080a", "proto: wrong wireType = 0 for field HolderIdentity"],
  ["the end of a group that has not begun", "0c", "proto: Lease: wiretype end group for non-group"],
  ["field number zero", "00", "proto: Lease: illegal tag 0 (wire type 0)"],
  ["a wire type that there is not", "1f", "proto: illegal wireType 7"],
  ["a group that does not end", "1b", "unexpected EOF"],
  ["an initialism", "0a0228", "unexpected EOF"],
  ["a wrong UID", "0a022801", "proto: wrong wireType = 0 for field UID"],
];

for (const [why, hex, message] of refused) {
  test(`${why} is refused`, () => {
    assert.deepEqual(decodeProtobufFields(fromHex(hex), table), { kind: "malformed", message });
  });
}

const read: readonly (readonly [why: string, hex: string, value: object])[] = [
  [
    "fields that nobody knows are stepped over, groups too",
    "181e1b08011c250000000022016112020a00",
    { metadata: {}, spec: { holderIdentity: "" } },
  ],
  [
    "a message that stands twice is merged",
    "12030a01611202100512021006",
    { metadata: {}, spec: { holderIdentity: "a", leaseDurationSeconds: 6 } },
  ],
  [
    "an integer keeps its lowest 32 bits",
    "120610ffffffff1f",
    { metadata: {}, spec: { leaseDurationSeconds: -1 } },
  ],
  ["an entry of a map needs no parts", "0a025a00", { metadata: { labels: { "": "" } }, spec: {} }],
  [
    "an empty time is the zero one",
    "12022200",
    { metadata: {}, spec: { renewTime: "0001-01-01T00:00:00.000000Z" } },
  ],
  ["an empty time that is a value is none", "0a024200", { metadata: {}, spec: {} }],
  [
    "nanoseconds are cut to microseconds",
    "120a2208080110ff8febdc03",
    { metadata: {}, spec: { renewTime: "1970-01-01T00:00:01.999999Z" } },
  ],
  [
    "nanoseconds below zero go back",
    "120f220d080110ffffffffffffffffff01",
    { metadata: {}, spec: { renewTime: "1970-01-01T00:00:01.000000Z" } },
  ],
];

for (const [why, hex, value] of read) {
  test(why, () => assert.deepEqual(decodeProtobufFields(fromHex(hex), table), { kind: "decoded", value }));
}

test("frames are found however the stream is cut", () => {
  const message = Uint8Array.from({ length: 300 }, (_, index) => index);
  const stream = Uint8Array.from(
    [message, empty, message].flatMap((bytes) => Array.from(encodeWatchFrame(bytes))),
  );
  for (const size of [1, 2, 3, 5, 299, 304, 1000]) {
    const reader = new WatchFrameReader();
    const frames: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      const reading = reader.push(stream.subarray(at, at + size));
      if (reading.kind === "frames") frames.push(...reading.frames);
    }
    assert.deepEqual(frames, [message, empty, message]);
  }
});

test("a frame beyond the bound ends the stream", () => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, watchFrameBytesMax + 1);
  assert.deepEqual(new WatchFrameReader().push(head), {
    kind: "too-large",
    frameBytes: watchFrameBytesMax + 1,
  });
});

const empty = new Uint8Array();

function valueIn(message: Uint8Array) {
  const decoded = decodeProtobufFields(message, table);
  assert.equal(decoded.kind, "decoded");
  return decoded.kind === "decoded" ? decoded.value : {};
}

function leaseMessage(): Uint8Array {
  const envelope = openProtobufEnvelope(watchFrame.subarray(watchFrame.indexOf(0x6b)));
  return envelope.kind === "opened" ? envelope.message : empty;
}

/** The list's version is that of its object: nothing else was written. */
function listVersion(): unknown {
  const metadata = valueIn(leaseMessage())["metadata"];
  return typeof metadata === "object" && metadata !== null && "resourceVersion" in metadata
    ? metadata.resourceVersion
    : undefined;
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex.replace(/\s/g, ""), "hex");
}

function assertBytes(...[actual, expected]: readonly [Uint8Array, Uint8Array]): void {
  assert.equal(Buffer.from(actual).toString("hex"), Buffer.from(expected).toString("hex"));
}
