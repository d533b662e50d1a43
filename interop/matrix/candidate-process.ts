import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Cable, layCable } from "./cable.ts";
import { type Library, leaseMs } from "./libraries.ts";

/** A program that stands for the lease with one library, over a cable of its own. */
export interface Candidate {
  /** The library's name and a number: no two processes of a run have the same. */
  readonly identity: string;
  readonly library: Library;
  readonly cable: Cable;
  isGone(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process has ended. */
  ended(): Promise<void>;
}

/** Where all candidates of a run stand, and what lies beneath. */
export interface Place {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly lease: string;
  /** For what they read and write. */
  readonly dir: string;
  /** A named pipe into which they speak; each opens it for itself. */
  readonly pipe: string;
}

export async function startCandidate(place: Place, library: Library, number: number): Promise<Candidate> {
  const identity = `${library.name}-${number}`;
  const kubeconfig = join(place.dir, `${identity}.kubeconfig`);
  const cable = await layCableInto(place.kubeconfig, kubeconfig);
  const [program = "", ...given] = library.command();
  const { renewMs, retryMs } = library.timing;
  const told = [place.namespace, place.lease, identity, ...[leaseMs, renewMs, retryMs].map(String)];
  const pipe = openSync(place.pipe, "w");
  const log = openSync(join(place.dir, `${identity}.log`), "a");
  const child = spawn(program, [...given, ...told], {
    stdio: ["ignore", pipe, log],
    env: { ...process.env, KUBECONFIG: kubeconfig },
  });
  closeSync(pipe);
  closeSync(log);
  const ended = once(child, "exit").then(() => {
    cable.close();
    say(place, `${identity} gone`);
  });
  return {
    identity,
    library,
    cable,
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => void child.kill(name),
    ended: () => ended,
  };
}

/** Puts a line among those of the candidates: what is done to them has its place in the order of what they say. */
export function say(place: Place, line: string): void {
  const pipe = openSync(place.pipe, "a");
  writeFileSync(pipe, `${line}\n`);
  closeSync(pipe);
}

/** Writes a kubeconfig that leads to the same server through a cable. */
async function layCableInto(kubeconfig: string, target: string): Promise<Cable> {
  const config = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  const servers = new Set(config.clusters.map(({ cluster }) => cluster.server));
  const [server, ...others] = servers;
  if (server === undefined || others.length > 0) throw new Error(`${kubeconfig} names no or many servers`);
  const { hostname, port } = new URL(server);
  const cable = await layCable({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 443) });
  for (const { cluster } of config.clusters) {
    cluster.server = `https://127.0.0.1:${cable.port}`;
    // A certificate for this machine serves the end of the cable too.
    if (hostname !== "127.0.0.1") cluster["tls-server-name"] ??= hostname;
  }
  writeFileSync(target, stringify(config), { mode: 0o600 });
  return cable;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { server: string; "tls-server-name"?: string } }[];
}
