import type { Readable } from "node:stream";
import { limits } from "../limits.ts";
import type { RequestBody } from "./exchange.ts";

/**
 * Gathers a request body up to a bound. What comes beyond it is thrown away, up to a second bound, before the body is
 * called too large: a client that is answered while it still sends may find its connection reset and the answer gone.
 */
export class BodyReader {
  readonly #source: Readable;
  readonly #bytesMax: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(source: Readable, bytesMax: number) {
    this.#source = source;
    this.#bytesMax = bytesMax;
  }

  /** `announced` is the Content-Length, or anything that is no number of bytes when there is none. */
  read(announced: number): Promise<RequestBody> {
    const source = this.#source;
    if (announced > limits.httpRefusedBodyBytesMax) return Promise.resolve(this.#tooLarge);
    if (source.readableEnded) return Promise.resolve(emptyBody);
    if (source.destroyed) return Promise.resolve(goneBody);
    return new Promise((resolve) => {
      source.on("data", (chunk: Uint8Array) => {
        if (!this.#take(chunk)) resolve(this.#tooLarge);
      });
      source.on("end", () => resolve(this.#bytes > this.#bytesMax ? this.#tooLarge : this.#whole()));
      // Follows an error too, which the source's owner listens for.
      source.on("close", () => resolve(goneBody));
    });
  }

  /** False when even the second bound is passed. */
  #take(chunk: Uint8Array): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#bytesMax) this.#chunks.push(chunk);
    else this.#chunks.length = 0;
    return this.#bytes <= limits.httpRefusedBodyBytesMax;
  }

  #whole(): RequestBody {
    const [first] = this.#chunks;
    if (first === undefined) return emptyBody;
    return {
      kind: "read",
      bytes: this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#bytes),
    };
  }

  get #tooLarge(): RequestBody {
    return { kind: "too-large", bytesMax: this.#bytesMax };
  }
}

const emptyBody: RequestBody = { kind: "read", bytes: new Uint8Array(0) };
const goneBody: RequestBody = { kind: "gone" };
