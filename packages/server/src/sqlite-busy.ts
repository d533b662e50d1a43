/** Whether SQLite refused because somebody else holds the lock on the file. */
export function isSqliteBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
