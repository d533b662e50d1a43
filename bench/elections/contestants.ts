import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A library whose elections are measured, and the program that runs many candidates of it. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
}

const go = join(import.meta.dirname, "../../interop/go");
const goProgram = join(go, "target/electors");

export const contestants: readonly Contestant[] = [
  {
    name: "@leasehold/client",
    command: [process.execPath, "--conditions=leasehold-source", join(import.meta.dirname, "electors.ts")],
  },
  { name: "client-go", command: [goProgram] },
];

/** Compiles what is not TypeScript. */
export function buildContestants(): void {
  execFileSync("go", ["build", "-trimpath", "-o", goProgram, "./electors"], {
    cwd: go,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: "inherit",
  });
}

export interface Electors {
  /** Resolves when each lease has been led by one of these once more, with the moments at which that was heard. */
  lead(): Promise<readonly number[]>;
  /** Resolves when each candidate has seen who leads; asked for once, before that. */
  ready(): Promise<void>;
  /** Ends the term of one lease properly; resolves with the milliseconds from saying so until the next one leads. */
  handOver(lease: number): Promise<number>;
  /** As a crash does. Returns the moment. */
  kill(): Promise<number>;
}

export interface Field {
  readonly kubeconfig: string;
  /** Leases of other names are other elections. */
  readonly prefix: string;
  readonly leases: number;
  /** For each lease. */
  readonly candidates: number;
  readonly leaseSeconds: number;
}

export function startElectors({ command }: Contestant, field: Field): Electors {
  const [program = "", ...given] = command;
  const told = [field.prefix, ...[field.leases, field.candidates, field.leaseSeconds].map(String)];
  const child = spawn(program, [...given, ...told], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, KUBECONFIG: field.kubeconfig },
  });
  const started = gather(field.leases);
  const ready = gather(field.leases * field.candidates);
  createInterface({ input: child.stdout }).on("line", (line) => {
    (line.endsWith("started") ? started : ready).add(performance.now());
  });
  const ended = once(child, "exit");
  return {
    lead: () => started.round(),
    ready: async () => void (await ready.round()),
    async handOver(lease) {
      const next = started.next();
      const begunMs = performance.now();
      child.stdin.write(`${lease}\n`);
      return (await next) - begunMs;
    },
    async kill() {
      child.kill("SIGKILL");
      const atMs = performance.now();
      await ended;
      return atMs;
    },
  };
}

/** Moments, one by one and in rounds of so many. */
function gather(count: number): {
  add(atMs: number): void;
  next(): Promise<number>;
  round(): Promise<readonly number[]>;
} {
  const heard: number[] = [];
  let next = Promise.withResolvers<number>();
  let round = Promise.withResolvers<readonly number[]>();
  return {
    add(atMs) {
      next.resolve(atMs);
      next = Promise.withResolvers();
      heard.push(atMs);
      if (heard.length < count) return;
      round.resolve(heard.splice(0));
      round = Promise.withResolvers();
    },
    next: () => next.promise,
    round: () => round.promise,
  };
}
