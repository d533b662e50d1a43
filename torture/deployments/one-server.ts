import { rmSync } from "node:fs";
import type { Access } from "./connection.ts";
import type { Deployment, Fault } from "./deployment.ts";
import { ServerProcess, type ServerProcessOptions } from "./server-process.ts";

/** One server, which can be killed and started again with what it has left on the disk. */
export class OneServer implements Deployment {
  readonly #options: ServerProcessOptions;
  #server: ServerProcess | undefined;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  get accesses(): readonly Access[] {
    return this.#server === undefined ? [] : [this.#server.access];
  }

  readonly faults: readonly Fault[] = [
    {
      name: "kill -9",
      strike: async () => {
        await this.kill();
        await this.start();
      },
    },
  ];

  async start(): Promise<void> {
    this.#server = await ServerProcess.start(this.#options);
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.kill();
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#options.dataDir, { recursive: true, force: true });
  }
}
