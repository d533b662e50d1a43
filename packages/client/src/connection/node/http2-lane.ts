import type { TLSSocket } from "node:tls";
import type { Clock } from "../../clock.ts";
import { TransportError, type TransportAnswer, type TransportRequest } from "../transport.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { Credentials, TlsMaterial } from "./endpoint.ts";
import { Http2Session } from "./http2-session.ts";
import { type OpeningSocket, openHttp2Socket } from "./http2-socket.ts";

/** Requests over one HTTP/2 connection, which is opened when it is needed and replaced when it is gone. */
export class Http2Lane {
  readonly #url: URL;
  readonly #clock: Clock;
  #current: { readonly session: Http2Session; readonly tls: TlsMaterial } | undefined;
  #opening: Opening | undefined;
  /** The present one, and those whose last requests have not ended. */
  readonly #sessions = new Set<Http2Session>();
  #isClosed = false;

  constructor(url: URL, clock: Clock) {
    this.#url = url;
    this.#clock = clock;
  }

  /** As a transport's; `http/1.1` when the server does not speak HTTP/2. */
  async request(request: TransportRequest, credentials: Credentials): Promise<TransportAnswer | "http/1.1"> {
    const session = await this.#session(request.signal, credentials.tls);
    return session === "http/1.1" ? session : session.request(request, credentials.headers);
  }

  close(): void {
    this.#isClosed = true;
    this.#opening?.socket.cancel();
    for (const session of this.#sessions) session.destroy();
  }

  async #session(signal: AbortSignal, tls: TlsMaterial): Promise<Http2Session | "http/1.1"> {
    if (this.#current?.tls === tls && this.#current.session.isUsable) return this.#current.session;
    this.#opening ??= this.#open(tls);
    const opening = this.#opening;
    opening.waiting += 1;
    try {
      return await unlessAborted(opening.session, signal);
    } finally {
      opening.waiting -= 1;
      if (opening.waiting === 0 && this.#opening === opening) opening.socket.cancel();
    }
  }

  #open(tls: TlsMaterial): Opening {
    const socket = openHttp2Socket(this.#url, tls, this.#clock);
    const session = socket.opened
      .then((opened) => {
        if (opened === "http/1.1") return opened;
        if (this.#isClosed)
          throw new TransportError("the connection was closed", { cause: undefined, sent: "no" });
        this.#current?.session.retire();
        const session = this.#begin(opened);
        this.#current = { session, tls };
        return session;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    session.catch(() => {}); // Those who wait are told, if there still are any.
    return { socket, session, waiting: 0 };
  }

  #begin(socket: TLSSocket): Http2Session {
    const closed = (): void => void this.#sessions.delete(session);
    const session: Http2Session = new Http2Session(socket, { url: this.#url, clock: this.#clock, closed });
    this.#sessions.add(session);
    return session;
  }
}

interface Opening {
  readonly socket: OpeningSocket;
  readonly session: Promise<Http2Session | "http/1.1">;
  waiting: number;
}
