/** Events of a protobuf watch stand behind each other, each after its size: four bytes, the highest first. */

/** How large a frame may be that a reader takes: kube-apiserver's clients give up above it too. */
export const watchFrameBytesMax = 16 * 1024 * 1024;

/** A message with its size before it. */
export function encodeWatchFrame(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, 4);
  return frame;
}

/** The message of one whole frame. */
export function messageOfWatchFrame(frame: Uint8Array): Uint8Array {
  return frame.subarray(sizeBytes);
}

export type FrameReading =
  | { readonly kind: "frames"; readonly frames: readonly Uint8Array[] }
  /** The stream cannot be read any further. */
  | { readonly kind: "too-large"; readonly frameBytes: number };

/** Cuts a stream into its messages. Pieces are joined once a message is whole, however many it came in. */
export class WatchFrameReader {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** How many bytes must be there before there is anything to do. */
  #needed = sizeBytes;

  /** Takes the next piece of the stream and answers the messages that are whole now. */
  push(chunk: Uint8Array): FrameReading {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Uint8Array[] = [];
    if (this.#bytes < this.#needed) return { kind: "frames", frames };
    let rest = joined(this.#chunks);
    this.#needed = sizeBytes;
    while (rest.length >= sizeBytes) {
      const frameBytes = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (frameBytes > watchFrameBytesMax) return { kind: "too-large", frameBytes };
      this.#needed = sizeBytes + frameBytes;
      if (rest.length < this.#needed) break;
      frames.push(rest.subarray(sizeBytes, this.#needed));
      rest = rest.subarray(this.#needed);
      this.#needed = sizeBytes;
    }
    this.#chunks = [rest];
    this.#bytes = rest.length;
    return { kind: "frames", frames };
  }
}

const sizeBytes = 4;

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
