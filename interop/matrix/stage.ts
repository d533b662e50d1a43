import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { readKubeconfig } from "../../conformance/kubeconfig.ts";
import { openTarget } from "../../conformance/target.ts";
import { connectHttp1 } from "../../conformance/wire/http1.ts";
import { type Candidate, type Place, say, startCandidate } from "./candidate-process.ts";
import { type Recorder, recordLease } from "./lease-recorder.ts";
import type { Library } from "./libraries.ts";
import { Witness } from "./witness.ts";

/** One lease, its candidates, and who watches them. */
export interface Stage {
  readonly witness: Witness;
  readonly lease: Recorder;
  /** Of each library the candidate that stands for it now. */
  readonly candidates: ReadonlyMap<Library, Candidate>;
  enter(library: Library): Promise<Candidate>;
  /** Stops a process where it stands, as SIGSTOP does, and says so to the witness. */
  pause(candidate: Candidate): Promise<void>;
  resume(candidate: Candidate): void;
  /** The one who leads, once there is one and no other. */
  leader(): Promise<Candidate>;
  /** Ends everybody as a system does that shuts down, until all that became of the lease is known. */
  end(): Promise<void>;
  /** Leaves nothing behind, however far it came; what the candidates wrote to stderr only if it is to be kept. */
  close(keepsLogs: boolean): Promise<void>;
}

const lease = "prize";

export async function setStage(kubeconfig: string): Promise<Stage> {
  const transport = connectHttp1(readKubeconfig(kubeconfig));
  const target = await openTarget(transport);
  const dir = mkdtempSync(join(tmpdir(), "leasehold-matrix-"));
  const place: Place = { kubeconfig, namespace: target.namespace, lease, dir, pipe: join(dir, "pipe") };
  const witness = new Witness();
  const ear = listen(place.pipe, witness);
  const recorder = await recordLease(target, lease);
  const candidates = new Map<Library, Candidate>();
  let entered = 0;
  return {
    witness,
    lease: recorder,
    candidates,
    async enter(library) {
      entered += 1;
      const candidate = await startCandidate(place, library, entered);
      candidates.set(library, candidate);
      return candidate;
    },
    async pause(candidate) {
      candidate.signal("SIGSTOP");
      // A thread on another processor may still finish the line that it is writing.
      await delay(100);
      say(place, `${candidate.identity} paused`);
    },
    resume(candidate) {
      say(place, `${candidate.identity} resumed`);
      candidate.signal("SIGCONT");
    },
    async leader() {
      const find = (): Candidate | undefined =>
        [...candidates.values()].find(({ identity }) => identity === witness.leaders[0]);
      await witness.until(
        "one leads and no other",
        () => witness.leaders.length === 1 && find() !== undefined,
      );
      const leader = find();
      if (leader === undefined) throw new Error("the leader is gone");
      return leader;
    },
    async end() {
      for (const candidate of candidates.values()) candidate.signal("SIGTERM");
      for (const candidate of candidates.values()) await candidate.ended();
      await recorder.finish();
    },
    async close(keepsLogs) {
      for (const candidate of candidates.values()) candidate.signal("SIGKILL");
      for (const candidate of candidates.values()) await candidate.ended();
      ear.destroy();
      await target.close();
      transport.close();
      if (keepsLogs) console.log(`what the candidates said to stderr lies in ${dir}`);
      else rmSync(dir, { recursive: true });
    },
  };
}

/** Opened for reading and writing, the pipe does not end when for a moment nobody speaks into it. */
function listen(pipe: string, witness: Witness): Socket {
  execFileSync("mkfifo", [pipe]);
  const ear = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK), readable: true });
  createInterface({ input: ear }).on("line", (line) => witness.hear(line));
  return ear;
}
