import type { Readable } from "node:stream";
import { socketFailure } from "./socket-failure.ts";

/**
 * What a stream brings, with the transport's errors. Leaving early destroys the stream. `isWhole` tells an end from a breach where the
 * stream itself does not.
 */
export async function* piecesOf(
  stream: Readable,
  isWhole: () => boolean = () => true,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        throw socketFailure(error, midway);
      });
      if (piece.done === true) {
        if (!isWhole())
          throw socketFailure(new Error("the connection was closed in the middle of the answer"), midway);
        return;
      }
      yield piece.value;
    }
  } finally {
    await pieces.return?.();
  }
}

const midway = { sent: "perhaps", reused: false } as const;
