import {
  decodeHeaderOnly,
  decodeRange,
  decodeStatus,
  decodeTxn,
  encodeCompaction,
  encodeNothing,
  encodeRange,
  encodeTxn,
  type Header,
} from "./etcd-messages.ts";

/** One method of etcd's API that takes a message and answers with one. */
export interface Rpc<Request, Response extends Answer> {
  readonly path: string;
  /** Whether what is sent twice could happen twice. */
  readonly isWrite: boolean;
  /** Whether the answer is the cluster's, and shows all that was acknowledged before it was asked for. */
  readonly isLinearizable: boolean;
  readonly encode: (request: Request) => Uint8Array;
  readonly decode: (message: Uint8Array) => Response;
}

export interface Answer {
  readonly header: Header;
}

/** Linearizable: etcd asks a majority before it answers. */
export const rangeRpc = {
  path: "/etcdserverpb.KV/Range",
  isWrite: false,
  isLinearizable: true,
  encode: encodeRange,
  decode: decodeRange,
};

export const txnRpc = {
  path: "/etcdserverpb.KV/Txn",
  isWrite: true,
  isLinearizable: true,
  encode: encodeTxn,
  decode: decodeTxn,
};

export const compactRpc = {
  path: "/etcdserverpb.KV/Compact",
  isWrite: true,
  isLinearizable: true,
  encode: encodeCompaction,
  decode: decodeHeaderOnly,
};

/** What a member says of itself alone. */
export const statusRpc: Rpc<void, ReturnType<typeof decodeStatus>> = {
  path: "/etcdserverpb.Maintenance/Status",
  isWrite: false,
  isLinearizable: false,
  encode: encodeNothing,
  decode: decodeStatus,
};

export const watchPath = "/etcdserverpb.Watch/Watch";
