import type { StatusBody } from "./meta/status.ts";

/** A refusal, carrying the Status that the client is to read. Every stage of a request refuses by throwing one. */
export class StatusError extends Error {
  readonly status: StatusBody;

  constructor(status: StatusBody) {
    super(status.message);
    this.name = "StatusError";
    this.status = status;
  }
}
