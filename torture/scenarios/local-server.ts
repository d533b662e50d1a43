import { join } from "node:path";
import { OneServer } from "../deployments/one-server.ts";
import type { Scenario } from "../scenario.ts";
import { runRounds } from "./round.ts";

/** Clients and watchers over HTTPS on a server that is killed with SIGKILL, again and again, at moments of chance. */
export const sqliteServer: Scenario = {
  name: "sqlite",
  title:
    "clients and watchers over HTTPS; the server is killed with SIGKILL and started again, again and again",
  weight: 4,
  async run(run) {
    const server = new OneServer({ dataDir: join(run.directory, "data") });
    await server.start();
    try {
      await runRounds(run, server, async (draw, working) => {
        while (!working.isOver) {
          // Now and then at once, while clients are still coming back.
          await working.acknowledged(draw.chance(0.1) ? 0 : draw.between(1, 120));
          if (working.isOver) return;
          await server.kill();
          await server.start();
          run.figures.add("kills");
        }
      });
    } finally {
      await server.stop();
    }
  },
};

export const memoryServer: Scenario = {
  name: "memory",
  title: "the same clients and watchers on the memory store, which is not killed",
  weight: 1,
  async run(run) {
    const server = new OneServer({ dataDir: join(run.directory, "data"), flags: ["--store", "memory"] });
    await server.start();
    try {
      await runRounds(run, server, () => Promise.resolve());
    } finally {
      await server.stop();
    }
  },
};
