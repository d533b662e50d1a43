/**
 * Why a server does not start, in one line for the person who started it: no stack, because nothing in our code is wrong.
 *
 * `setting`: what was asked for cannot be had (an unreadable file, a malformed line); asking again will not help.
 * `surroundings`: it can, but not here and now (the port or the data directory is in use).
 */
export class StartError extends Error {
  readonly because: "setting" | "surroundings";

  constructor(because: "setting" | "surroundings", line: string, options?: ErrorOptions) {
    super(line, options);
    this.name = "StartError";
    this.because = because;
  }
}
