/**
 * Why a server does not start, in one line for the person who started it: no stack, because nothing in our code is wrong.
 *
 * `setting`: what was asked for cannot be had (an unreadable file, a malformed line); asking again will not help.
 * `surroundings`: it can, but not here and now (the port or the data directory is in use).
 */
export class StartError extends Error {
  readonly because: "setting" | "surroundings";

  constructor(because: "setting" | "surroundings", line: string) {
    super(line);
    this.name = "StartError";
    this.because = because;
  }
}

/** Node's reasons for not listening, in words for whoever chose the address. */
export function cannotListen(
  address: { readonly host: string; readonly port: number },
  error: unknown,
): StartError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = listenReasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new StartError("surroundings", `cannot listen on ${address.host}:${address.port}: ${reason}`);
}

const listenReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is taken",
  EACCES: "this user may not use the port",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "the host name is not known",
};
