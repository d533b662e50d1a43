import { limits } from "../limits.ts";

/** Frames of RFC 6455, as far as a server needs them that only speaks: it sends whole messages and listens for pings and the end. */

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export type Opcode = (typeof opcodes)[keyof typeof opcodes];

/** Why a connection ends: all is said, or the client does not mask its frames. */
export const closeCodes = { normal: 1000, protocolError: 1002 } as const;

/** What stands before a payload that is one whole message. */
export function frameHead(opcode: Opcode, payloadBytes: number): Uint8Array {
  const first = final | opcode;
  if (payloadBytes <= shortBytesMax) return Uint8Array.of(first, payloadBytes);
  if (payloadBytes <= 0xffff) return Uint8Array.of(first, 126, payloadBytes >> 8, payloadBytes & 0xff);
  const head = Buffer.alloc(10);
  head.set([first, 127]);
  head.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return head;
}

export function closeFrame(code: number): Uint8Array {
  return Uint8Array.of(...frameHead(opcodes.close, 2), code >> 8, code & 0xff);
}

/** What a client sent that wants an answer. Messages do not: they are read and forgotten. */
export type ClientFrame =
  | { readonly kind: "ping"; readonly payload: Uint8Array }
  | { readonly kind: "close" | "unmasked" | "too-large" };

/** Reads what a client sends, however it is cut into pieces. Holds a head and the payload of a ping at most. */
export class ClientFrames {
  #bytes: Uint8Array = new Uint8Array();
  #skipBytes = 0;

  /** Answers the frames that are known now. After one that is no ping, nothing that follows matters. */
  push(chunk: Uint8Array): readonly ClientFrame[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const frames: ClientFrame[] = [];
    while (this.#skip()) {
      const head = readHead(this.#bytes);
      if (head === undefined) break;
      if (!head.masked) return [...frames, { kind: "unmasked" }];
      if (head.opcode === opcodes.close) return [...frames, { kind: "close" }];
      const keptBytes = head.opcode === opcodes.ping ? Math.min(head.payloadBytes, shortBytesMax) : 0;
      if (head.opcode < opcodes.close && head.payloadBytes > limits.webSocketMessageBytesMax) {
        return [...frames, { kind: "too-large" }];
      }
      if (this.#bytes.length < head.headBytes + keptBytes) break;
      if (head.opcode === opcodes.ping)
        frames.push({ kind: "ping", payload: unmasked(this.#bytes, head, keptBytes) });
      this.#skipBytes = head.headBytes + head.payloadBytes;
    }
    return frames;
  }

  /** Leaves out what is done with; false when there is more of it to come. */
  #skip(): boolean {
    const now = Math.min(this.#skipBytes, this.#bytes.length);
    this.#bytes = this.#bytes.subarray(now);
    this.#skipBytes -= now;
    return this.#skipBytes === 0;
  }
}

interface Head {
  readonly opcode: number;
  readonly masked: boolean;
  /** The mask is the last four bytes of the head. */
  readonly headBytes: number;
  readonly payloadBytes: number;
}

function readHead(bytes: Uint8Array): Head | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const masked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const sizeBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headBytes = 2 + sizeBytes + (masked ? maskBytes : 0);
  if (bytes.length < headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const payloadBytes =
    sizeBytes === 0 ? short : sizeBytes === 2 ? view.getUint16(2) : Number(view.getBigUint64(2) & size63);
  return { opcode: first & 0x0f, masked, headBytes, payloadBytes };
}

function unmasked(bytes: Uint8Array, { headBytes }: Head, count: number): Uint8Array {
  const mask = bytes.subarray(headBytes - maskBytes, headBytes);
  return bytes.slice(headBytes, headBytes + count).map((byte, at) => byte ^ (mask[at % maskBytes] ?? 0));
}

const final = 0x80;
const maskBytes = 4;
/** The largest payload whose size stands in the second byte, and the largest of a frame that controls. */
const shortBytesMax = 125;
const size63 = 0x7fff_ffff_ffff_ffffn;
