import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** The command line: a word says what to do, the rest is for it. Each command is loaded only when it is asked for. */
export async function leasehold(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [word, ...rest] = argv;
  switch (word) {
    case "serve": {
      const { serve } = await import("./serve.ts");
      return serve(rest, surroundings);
    }
    case "--version":
    case "version": {
      const { version } = await import("./version.ts");
      surroundings.say(`leasehold ${version()}`);
      return exitCode.ok;
    }
    case "--help":
    case "-h":
    case "help":
      surroundings.say(help);
      return exitCode.ok;
    default:
      surroundings.complain(
        word === undefined ? help : `leasehold: unknown command "${word}"; leasehold --help lists them`,
      );
      return exitCode.usage;
  }
}

const help = `Leader election and heartbeats over the Kubernetes Lease API, without Kubernetes.

  leasehold serve      run the server; leasehold serve --help lists its flags
  leasehold version    print the version
  leasehold help       print this`;
