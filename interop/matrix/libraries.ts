import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** One library that elects leaders: how a candidate of it is started, and what is known of it. */
export interface Library {
  readonly name: string;
  /** The program, followed by what it is told before the six words that every candidate is told. */
  command(): readonly string[];
  /**
   * The time of its own deadline and between two attempts, such that it stops in time by its own rules; README.md has the sums. Nobody
   * renews twice in one second: client-go would not see it.
   */
  readonly timing: { readonly renewMs: number; readonly retryMs: number };
  /** Whether a new holder raises leaseTransitions. */
  readonly countsTransitions: boolean;
  /** What a holder that is told to end (SIGTERM) leaves in the lease. */
  readonly leaves: "nobody" | "itself for a second" | "itself";
  readonly gaps: ReadonlySet<Gap>;
}

/** What a library is known to do wrong. Only that is forgiven, and only to it. */
export type Gap =
  /** Stopped and continued (SIGSTOP), it claims to lead although its lease has run out, until its loop has noticed. */
  | "claims after a pause"
  /** It takes a lease that has run out by a patch that names no version, so that it may take it from who was quicker. */
  | "takes from who was quicker"
  /** Told to end while a renewal is under way, it may fail to hand the lease back, since that renewal changed it meanwhile. */
  | "stumbles over its own renewal"
  /** Its requests have no time limit: on a connection that is silent it claims to lead for as long as it is silent. */
  | "waits for ever"
  /** A connection that breaks ends its process. */
  | "dies with its connection";

/** Of every candidate alike; in whole seconds, as some libraries know no others. */
export const leaseMs = 6000;

const here = import.meta.dirname;
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "leasehold-interop");

const known: readonly Library[] = [
  {
    name: "client-go",
    command: () => [join(here, "target/go-candidate")],
    timing: { renewMs: 1500, retryMs: 1000 },
    countsTransitions: true,
    leaves: "nobody",
    gaps: new Set<Gap>(["claims after a pause", "stumbles over its own renewal"]),
  },
  {
    name: "python",
    command: () => [
      join(execFileSync(join(here, "../python/venv-path"), { encoding: "utf8" }).trim(), "bin/python"),
      join(here, "candidate.py"),
    ],
    timing: { renewMs: 1500, retryMs: 1000 },
    countsTransitions: false,
    leaves: "itself",
    gaps: new Set<Gap>(["claims after a pause", "waits for ever", "dies with its connection"]),
  },
  {
    name: "fabric8",
    command: () => {
      const libraries = readFileSync(join(here, "../java/target/classpath"), "utf8").trim();
      // A small heap, and no compiling that pays only after minutes: many of them share two cores.
      const machine = ["-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
      const classes = join(here, "../java/target/test-classes");
      return ["java", ...machine, "-cp", `${classes}:${libraries}`, "interop.matrix.Candidate"];
    },
    timing: { renewMs: 1300, retryMs: 1050 },
    countsTransitions: true,
    leaves: "itself for a second",
    gaps: new Set<Gap>(["claims after a pause"]),
  },
  {
    name: "kube-rs",
    command: () => [join(cache, "rust/debug/examples/candidate")],
    timing: { renewMs: 3000, retryMs: 1000 },
    countsTransitions: true,
    leaves: "nobody",
    gaps: new Set<Gap>(["takes from who was quicker"]),
  },
  {
    name: "leasehold",
    command: () => [
      process.execPath,
      "--conditions=leasehold-source",
      join(here, "leasehold-candidate/main.ts"),
    ],
    timing: { renewMs: 0, retryMs: 0 },
    countsTransitions: true,
    leaves: "nobody",
    gaps: new Set<Gap>(),
  },
];

export const libraries = known.filter(
  ({ name }) => name !== "leasehold" || existsSync(join(here, "leasehold-candidate/main.ts")),
);

/** The library of a candidate, whose identity begins with it: client-go-3. */
export function libraryOf(identity: string): Library {
  const name = identity.replace(/-\d+$/, "");
  const library = libraries.find((library) => library.name === name);
  if (library === undefined) throw new Error(`no library is called ${name}`);
  return library;
}
