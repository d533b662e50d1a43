import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server under measurement, in a process of its own, so that the load's CPU time is not counted as the server's. */
export interface MeasuredProcess {
  /** `https://HOST:PORT` */
  readonly url: string;
  /** From the start of the process to the line that says it is ready. */
  readonly readyAfterMs: number;
  /** CPU time so far, user and system, of all threads. */
  cpuMs(): number;
  residentBytes(): number;
  stop(): Promise<void>;
}

/** Starts a Node program that prints `… ready at URL` once it serves. */
export async function startMeasured(args: readonly string[]): Promise<MeasuredProcess> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ["--conditions=leasehold-source", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await readyUrl(child);
  const pid = child.pid ?? 0;
  return {
    url,
    readyAfterMs: performance.now() - startedMs,
    cpuMs: () => cpuTicks(pid) * msPerTick,
    residentBytes: () => residentBytes(pid),
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's stdout is not piped");
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /ready at (\S+)/.exec(line);
    if (match?.[1] !== undefined) {
      child.stdout.resume();
      return match[1];
    }
  }
  throw new Error("the server ended before it was ready");
}

/** Linux counts CPU time in hundredths of a second for every process. */
const msPerTick = 10;

function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function residentBytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}
