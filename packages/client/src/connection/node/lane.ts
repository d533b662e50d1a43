import type { TransportAnswer, TransportRequest } from "../transport.ts";
import type { Credentials } from "./endpoint.ts";

/** Sockets to one server that speak one protocol. */
export interface Lane {
  /** As a transport's. */
  request(request: TransportRequest, credentials: Credentials): Promise<TransportAnswer>;
  close(): void;
}
