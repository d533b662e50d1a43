import { setTimeout as pause } from "node:timers/promises";
import { withoutEtcd } from "../../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { EtcdReplicas } from "../deployments/etcd-replicas.ts";
import type { Draw } from "../draw.ts";
import type { Run, Scenario } from "../scenario.ts";
import { runRounds } from "./round.ts";

/** One server over one member, both killed and hung. */
export const etcdAlone: Scenario = {
  name: "etcd",
  title: "clients and watchers on one server over one etcd; both are killed, hang, and lose each other",
  weight: 2,
  missing: () => withoutEtcd() || undefined,
  run: (run) => tortureCluster(run, { members: 1, replicas: 1 }),
};

export const etcdReplicas: Scenario = {
  name: "etcd-replicas",
  title:
    "clients and watchers spread over two servers and an etcd of three; all of which are killed, hang, and lose each other",
  weight: 3,
  missing: () => withoutEtcd() || undefined,
  run: (run) => tortureCluster(run, { members: 3, replicas: 2 }),
};

interface Size {
  readonly members: number;
  readonly replicas: number;
}

async function tortureCluster(run: Run, size: Size): Promise<void> {
  const cluster = await EtcdReplicas.start({ directory: run.directory, ...size });
  try {
    await runRounds(run, cluster, async (draw, working) => {
      while (!working.isOver) {
        await working.acknowledged(draw.between(10, 200));
        if (working.isOver) return;
        await draw.oneOf(faults)(cluster, draw);
        run.figures.add("cluster faults");
      }
    });
  } finally {
    await cluster.stop();
  }
}

/** Each strikes one or more parts at random, and has healed when it resolves. */
const faults: readonly ((cluster: EtcdReplicas, draw: Draw) => Promise<void>)[] = [
  killMember,
  killMajority,
  hangMember,
  killReplica,
  killReplica,
  blackHole,
  cut,
  (cluster) => cluster.compact(),
  compactBehindTheBack,
];

async function killMember({ etcd }: EtcdReplicas, draw: Draw): Promise<void> {
  const member = draw.oneOf(etcd.members);
  await member.kill();
  await pause(draw.between(0, 1500));
  await member.start();
}

async function killMajority({ etcd }: EtcdReplicas, draw: Draw): Promise<void> {
  const spared = draw.below(etcd.members.length + 1);
  const members = etcd.members.filter((_, index) => index !== spared);
  await Promise.all(members.map((member) => member.kill()));
  await pause(draw.between(0, 1500));
  await Promise.all(members.map((member) => member.start()));
}

/** Its connections stay open, and nobody answers on them. */
async function hangMember({ etcd }: EtcdReplicas, draw: Draw): Promise<void> {
  const member = draw.oneOf(etcd.members);
  member.pause();
  await pause(draw.between(100, 6000));
  member.resume();
}

async function killReplica({ replicas }: EtcdReplicas, draw: Draw): Promise<void> {
  const replica = draw.oneOf(replicas);
  await replica.kill();
  await pause(draw.between(0, 500));
  await replica.start();
}

/** On a replica's ways to some members, or to all, nothing arrives any more. */
async function blackHole({ replicas }: EtcdReplicas, draw: Draw): Promise<void> {
  const all = draw.chance(0.5);
  const ways = draw.oneOf(replicas).ways.filter(() => all || draw.chance(0.5));
  for (const way of ways) way.blackHole();
  await pause(draw.between(100, 8000));
  for (const way of ways) await way.heal();
}

async function cut({ replicas }: EtcdReplicas, draw: Draw): Promise<void> {
  const { ways } = draw.oneOf(replicas);
  for (const way of ways) way.cut();
  await pause(draw.between(0, 1500));
  for (const way of ways) await way.heal();
}

/** What a replica has missed meanwhile is forgotten when it is back: its watchers must be told so. */
async function compactBehindTheBack(cluster: EtcdReplicas, draw: Draw): Promise<void> {
  const { ways } = draw.oneOf(cluster.replicas);
  // With one replica its watchers are all there are, and nobody would know what they missed.
  if (cluster.replicas.length === 1) return cluster.compact();
  for (const way of ways) way.cut();
  await pause(draw.between(300, 1500));
  await cluster.compact();
  for (const way of ways) await way.heal();
}
