/** What a thrown value says, in words: for a line of log or an answer, where its class does not matter any more. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
