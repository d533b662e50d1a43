import type { ElectionEvent } from "@leasehold/client";

/** Tells whoever runs the command what the election does, once for each state and not once for each attempt. */
export class ElectionNews {
  readonly #lease: string;
  readonly #say: (line: string) => void;
  #hasWaited = false;
  #isFailing = false;

  constructor(lease: string, say: (line: string) => void) {
    this.#lease = lease;
    this.#say = say;
  }

  observe(event: ElectionEvent): void {
    switch (event.kind) {
      case "waiting":
        // Reads and draws of lots are over before anybody could have read of them.
        if (!event.reason.endsWith(" holds the lease")) return;
        this.#hasWaited = true;
        return this.#say(`waiting for ${this.#lease}: ${event.reason}`);
      case "acquired":
        this.#isFailing = false;
        if (this.#hasWaited) this.#say(`${this.#lease} is ours, with fencing token ${event.fencingToken}`);
        return;
      case "renewed":
      case "sighting":
        this.#isFailing = false;
        return;
      case "failure":
        // What does not pass ends all this with an error of its own.
        if (this.#isFailing || event.failure.kind !== "unavailable") return;
        this.#isFailing = true;
        return this.#say(`cannot ${event.doing} ${this.#lease}: ${event.failure.error.message}`);
      case "abandoned":
        return this.#say(`${this.#lease} was not released: ${event.reason}`);
      case "lost":
      case "released":
    }
  }
}
