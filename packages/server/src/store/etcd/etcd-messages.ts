import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/**
 * The messages of etcd's API that a store needs, and of them the fields that it needs. Source: etcd's api/etcdserverpb/rpc.proto and
 * api/mvccpb/kv.proto. Revisions are numbers here: one beyond the safe integers is refused, as no cluster ever gets there.
 */
export interface Header {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  /** The newest revision that the answering member had applied. */
  readonly revision: number;
  readonly raftTerm: bigint;
}

export interface KeyValue {
  readonly key: Uint8Array;
  readonly created: number;
  readonly revision: number;
  /** How often the key was written since it was created. */
  readonly version: number;
  readonly value: Uint8Array;
}

export interface RangeRequest {
  readonly key: Uint8Array;
  /** Excluded; undefined for the one key. */
  readonly end?: Uint8Array;
  /** 0: all. */
  readonly limit?: number;
  /** 0: the newest. */
  readonly revision?: number;
  readonly keysOnly?: boolean;
}

export interface RangeResponse {
  readonly header: Header;
  readonly kvs: readonly KeyValue[];
  readonly more: boolean;
  /** How many keys lie in the range, whatever the limit. */
  readonly count: number;
}

export type Operation =
  | { readonly kind: "range"; readonly request: RangeRequest }
  | { readonly kind: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly key: Uint8Array; readonly previous: boolean };

/** Holds when the number of the key is as given; both numbers are 0 for a key that is absent. */
export interface Comparison {
  readonly key: Uint8Array;
  readonly target: "revision" | "version";
  readonly equals: number;
}

export interface TxnRequest {
  readonly compare: readonly Comparison[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

export interface TxnResponse {
  readonly header: Header;
  readonly succeeded: boolean;
  /** What each operation found: a range its keys, a delete those that it removed if they were asked for, a put nothing. */
  readonly found: readonly (readonly KeyValue[])[];
}

export type WatchRequest =
  | {
      readonly kind: "create";
      readonly key: Uint8Array;
      readonly end: Uint8Array;
      /** The first revision to be told. */
      readonly start: number;
    }
  | { readonly kind: "progress" };

export interface WatchResponse {
  readonly header: Header;
  readonly created: boolean;
  readonly canceled: boolean;
  /** Not 0 when the watch was canceled because what it asks for is compacted up to here. */
  readonly compactRevision: number;
  readonly cancelReason: string;
  /** More of the same response follows. */
  readonly fragment: boolean;
  readonly events: readonly WatchEvent[];
}

export interface WatchEvent {
  readonly kind: "put" | "delete";
  /** Of a delete only the key and the revision. */
  readonly kv: KeyValue;
}

export interface StatusResponse {
  readonly header: Header;
  readonly version: string;
}

export function encodeRange(request: RangeRequest): Uint8Array {
  return writeRange(new BinaryWriter(), request).finish();
}

export function encodeTxn({ compare, success, failure }: TxnRequest): Uint8Array {
  const writer = new BinaryWriter();
  for (const comparison of compare) nest(writer, 1, (inner) => writeComparison(inner, comparison));
  for (const operation of success) nest(writer, 2, (inner) => writeOperation(inner, operation));
  for (const operation of failure) nest(writer, 3, (inner) => writeOperation(inner, operation));
  return writer.finish();
}

export function encodeCompaction({ revision }: { readonly revision: number }): Uint8Array {
  return integer(new BinaryWriter(), 1, revision).finish();
}

export function encodeWatch(request: WatchRequest): Uint8Array {
  const writer = new BinaryWriter();
  if (request.kind === "progress") return nest(writer, 3, () => {}).finish();
  const { key, end, start } = request;
  return nest(writer, 1, (inner) => {
    integer(bytes(bytes(inner, 1, key), 2, end), 3, start);
    flag(flag(inner, 4, true), 8, true); // progress_notify, fragment
  }).finish();
}

export function encodeNothing(): Uint8Array {
  return new Uint8Array(0);
}

function writeRange(writer: BinaryWriter, request: RangeRequest): BinaryWriter {
  const { key, end, limit = 0, revision = 0, keysOnly = false } = request;
  bytes(writer, 1, key);
  if (end !== undefined) bytes(writer, 2, end);
  if (limit > 0) integer(writer, 3, limit);
  if (revision > 0) integer(writer, 4, revision);
  return keysOnly ? flag(writer, 8, true) : writer;
}

function writeComparison(writer: BinaryWriter, { key, target, equals }: Comparison): void {
  // The result EQUAL is 0, the targets VERSION and MOD are 0 and 2, and the field of the number is one of several.
  if (target === "revision") integer(writer, 2, 2);
  bytes(writer, 3, key);
  integer(writer, target === "revision" ? 6 : 4, equals);
}

function writeOperation(writer: BinaryWriter, operation: Operation): void {
  switch (operation.kind) {
    case "range":
      nest(writer, 1, (inner) => writeRange(inner, operation.request));
      return;
    case "put":
      nest(writer, 2, (inner) => bytes(bytes(inner, 1, operation.key), 2, operation.value));
      return;
    case "delete":
      nest(writer, 3, (inner) => {
        bytes(inner, 1, operation.key);
        if (operation.previous) flag(inner, 3, true);
      });
  }
}

function nest(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => unknown): BinaryWriter {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  return writer.join();
}

function bytes(writer: BinaryWriter, field: number, value: Uint8Array): BinaryWriter {
  return writer.tag(field, WireType.LengthDelimited).bytes(value);
}

function integer(writer: BinaryWriter, field: number, value: number): BinaryWriter {
  return writer.tag(field, WireType.Varint).int64(value);
}

function flag(writer: BinaryWriter, field: number, value: boolean): BinaryWriter {
  return writer.tag(field, WireType.Varint).bool(value);
}

export function decodeRange(message: Uint8Array): RangeResponse {
  return readRange(new BinaryReader(message), message.byteLength);
}

export function decodeTxn(message: Uint8Array): TxnResponse {
  let header = noHeader;
  let succeeded = false;
  const found: (readonly KeyValue[])[] = [];
  readFields(new BinaryReader(message), message.byteLength, {
    1: (reader) => (header = readHeader(reader, reader.uint32())),
    2: (reader) => (succeeded = reader.bool()),
    3: (reader) => found.push(readOperationResult(reader, reader.uint32())),
  });
  return { header, succeeded, found };
}

/** Of the answer to a compaction, as of any other whose header is all that matters. */
export function decodeHeaderOnly(message: Uint8Array): { readonly header: Header } {
  let header = noHeader;
  readFields(new BinaryReader(message), message.byteLength, {
    1: (reader) => (header = readHeader(reader, reader.uint32())),
  });
  return { header };
}

export function decodeStatus(message: Uint8Array): StatusResponse {
  let header = noHeader;
  let version = "";
  readFields(new BinaryReader(message), message.byteLength, {
    1: (reader) => (header = readHeader(reader, reader.uint32())),
    2: (reader) => (version = reader.string()),
  });
  return { header, version };
}

export function decodeWatch(message: Uint8Array): WatchResponse {
  const response = { created: false, canceled: false, compactRevision: 0, cancelReason: "", fragment: false };
  let header = noHeader;
  const events: WatchEvent[] = [];
  readFields(new BinaryReader(message), message.byteLength, {
    1: (reader) => (header = readHeader(reader, reader.uint32())),
    3: (reader) => (response.created = reader.bool()),
    4: (reader) => (response.canceled = reader.bool()),
    5: (reader) => (response.compactRevision = safeInteger(reader)),
    6: (reader) => (response.cancelReason = reader.string()),
    7: (reader) => (response.fragment = reader.bool()),
    11: (reader) => events.push(readEvent(reader, reader.uint32())),
  });
  return { ...response, header, events };
}

function readRange(reader: BinaryReader, length: number): RangeResponse {
  let header = noHeader;
  let more = false;
  let count = 0;
  const kvs: KeyValue[] = [];
  readFields(reader, length, {
    1: (inner) => (header = readHeader(inner, inner.uint32())),
    2: (inner) => kvs.push(readKeyValue(inner, inner.uint32())),
    3: (inner) => (more = inner.bool()),
    4: (inner) => (count = safeInteger(inner)),
  });
  return { header, kvs, more, count };
}

/** One of: a range's response (1), a put's (2), a delete's (3), whose removed keys stand in its field 3. */
function readOperationResult(reader: BinaryReader, length: number): readonly KeyValue[] {
  let found: readonly KeyValue[] = [];
  readFields(reader, length, {
    1: (inner) => (found = readRange(inner, inner.uint32()).kvs),
    3: (inner) => (found = readDeleted(inner, inner.uint32())),
  });
  return found;
}

function readDeleted(reader: BinaryReader, length: number): readonly KeyValue[] {
  const removed: KeyValue[] = [];
  readFields(reader, length, { 3: (inner) => removed.push(readKeyValue(inner, inner.uint32())) });
  return removed;
}

function readEvent(reader: BinaryReader, length: number): WatchEvent {
  let kind: WatchEvent["kind"] = "put";
  let kv = noKeyValue;
  readFields(reader, length, {
    1: (inner) => (kind = inner.uint32() === 0 ? "put" : "delete"),
    2: (inner) => (kv = readKeyValue(inner, inner.uint32())),
  });
  return { kind, kv };
}

function readKeyValue(reader: BinaryReader, length: number): KeyValue {
  const end = reader.pos + length;
  let { key, value, created, revision, version } = noKeyValue;
  // By hand and not by table: a page of a large store is many of these.
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) key = reader.bytes();
    else if (field === 2) created = safeInteger(reader);
    else if (field === 3) revision = safeInteger(reader);
    else if (field === 4) version = safeInteger(reader);
    else if (field === 5) value = reader.bytes();
    else reader.skip(wireType, field);
  }
  return { key, created, revision, version, value };
}

function readHeader(reader: BinaryReader, length: number): Header {
  let { clusterId, memberId, raftTerm, revision } = noHeader;
  readFields(reader, length, {
    1: (inner) => (clusterId = BigInt(inner.uint64())),
    2: (inner) => (memberId = BigInt(inner.uint64())),
    3: (inner) => (revision = safeInteger(inner)),
    4: (inner) => (raftTerm = BigInt(inner.uint64())),
  });
  return { clusterId, memberId, revision, raftTerm };
}

function readFields(
  reader: BinaryReader,
  length: number,
  fields: Readonly<Record<number, (reader: BinaryReader) => unknown>>,
): void {
  const end = reader.pos + length;
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    const read = fields[field];
    if (read === undefined) reader.skip(wireType, field);
    else read(reader);
  }
}

function safeInteger(reader: BinaryReader): number {
  const value = Number(reader.int64());
  if (!Number.isSafeInteger(value)) throw new RangeError(`etcd sent ${value}, which is no revision of ours`);
  return value;
}

const noHeader: Header = { clusterId: 0n, memberId: 0n, revision: 0, raftTerm: 0n };
const noBytes = new Uint8Array(0);
const noKeyValue: KeyValue = { key: noBytes, created: 0, revision: 0, version: 0, value: noBytes };
