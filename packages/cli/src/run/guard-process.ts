/**
 * The process beside `leasehold run` that ends its command when it cannot: it is told each deadline in advance, as moments of the
 * clock that both share, and holds the other end of a pipe, which closes when the supervisor dies in whatever way.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { machineClock } from "../clock.ts";
import { DeadMansSwitch } from "./dead-mans-switch.ts";
import { readGuardLine } from "./guard-line.ts";

// What is meant for the supervisor may reach us too; whoever guards leaves last.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => undefined);

const guarded = new DeadMansSwitch(machineClock, (line) => tell(2, `leasehold run: ${line}`));
tell(1, "ready");
for await (const text of createInterface({ input: process.stdin })) {
  const line = readGuardLine(text);
  if (line === undefined) continue;
  guarded.take(line);
  if (line.kind === "group") tell(1, `guarding ${line.id}`);
}
await guarded.supervisorIsGone();

/** Whether anybody reads it is not our trouble. */
function tell(stream: 1 | 2, line: string): void {
  try {
    writeSync(stream, `${line}\n`);
  } catch {
    // The reader has gone.
  }
}
