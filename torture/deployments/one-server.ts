import { rmSync } from "node:fs";
import type { Access } from "./connection.ts";
import type { Deployment } from "./deployment.ts";
import { ServerProcess, type ServerProcessOptions } from "./server-process.ts";

export interface OneServerOptions extends Omit<ServerProcessOptions, "env"> {
  /** Asked at each start. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** One server, which can be killed and started again with what it has left on the disk. */
export class OneServer implements Deployment {
  readonly #options: OneServerOptions;
  #server: ServerProcess | undefined;

  constructor(options: OneServerOptions) {
    this.#options = options;
  }

  get accesses(): readonly [Access | undefined] {
    return [this.#server?.access];
  }

  async start(): Promise<void> {
    this.#server = await ServerProcess.start({ ...this.#options, env: this.#options.env?.() });
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
