import { UnreadableAnswerError } from "../connection/errors.ts";
import { joinPieces } from "../connection/join-pieces.ts";
import { limits } from "../limits.ts";

/** Cuts a stream into its lines. A line that the end of the stream cut off is not one: it is left out. */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let open: Uint8Array[] = [];
  let openBytes = 0;
  for await (const piece of pieces) {
    let rest = piece;
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      const line = joinPieces([...open, rest.subarray(0, end)]);
      open = [];
      openBytes = 0;
      rest = rest.subarray(end + 1);
      if (line.length > 0) yield line;
    }
    if (rest.length === 0) continue;
    open.push(rest);
    openBytes += rest.length;
    if (openBytes > limits.watchLineBytesMax)
      throw new UnreadableAnswerError(`an event of the watch exceeds ${limits.watchLineBytesMax} bytes`);
  }
}

const newline = 0x0a;
