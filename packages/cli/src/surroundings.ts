import { writeSync } from "node:fs";

/** What a command knows of the process it runs in; a test brings its own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For whoever runs the command: results on stdout, complaints on stderr; a line without its end. */
  say(line: string): void;
  complain(line: string): void;
  /** Calls back on each SIGINT and SIGTERM until the returned function is called. */
  onStopSignal(heard: () => void): () => void;
  /** Ends the process at once, whatever is in flight. */
  exit(code: number): void;
}

export const processSurroundings: Surroundings = {
  env: process.env,
  say: (line) => void process.stdout.write(`${line}\n`),
  // Not by process.stderr, which would switch a pipe to non-blocking for all who have it, the command of `run` among them.
  complain: (line) => tryWrite(2, `${line}\n`),
  onStopSignal(heard) {
    process.on("SIGINT", heard).on("SIGTERM", heard);
    return () => process.off("SIGINT", heard).off("SIGTERM", heard);
  },
  exit: (code) => process.exit(code),
};

/** Whoever does not read complaints, or has hung up, does without. */
function tryWrite(stream: number, text: string): void {
  try {
    writeSync(stream, text);
  } catch {
    // There is nobody to tell.
  }
}
