import type { Readable } from "node:stream";
import { socketFailure } from "./socket-failure.ts";

/** What a stream brings, with the transport's errors. Leaving early destroys the stream. */
export async function* piecesOf(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        throw socketFailure(error, { sent: "perhaps", reused: false });
      });
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    await pieces.return?.();
  }
}
