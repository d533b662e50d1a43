import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { checkServerIdentity as checkIdentity, type PeerCertificate } from "node:tls";
import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { EtcdFailure, failureOf } from "./etcd-failure.ts";
import { decodeWatch, encodeWatch, type WatchRequest, type WatchResponse } from "./etcd-messages.ts";
import { type Answer, type Rpc, watchPath } from "./etcd-rpcs.ts";

/** The files with which etcd is asked, and by which it is known; none for http. */
export interface EtcdTls {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** The stream of one watch, as it comes. */
export interface WatchStream extends AsyncIterable<WatchResponse> {
  send(request: WatchRequest): void;
  /** Ends it; the reader's loop throws an EtcdFailure. */
  cancel(): void;
}

/**
 * The connection to one member. It connects when it is first asked, and is made anew after `drop`: a connection on which nothing comes
 * back would keep every later call waiting.
 */
export class EtcdMember {
  readonly url: string;
  readonly #credentials: ChannelCredentials;
  readonly #clock: Clock;
  #client: Client | undefined;
  readonly #underWay = new Set<{ cancel(): void }>();

  /** Throws when a file cannot be read. */
  constructor(url: string, { tls, clock }: { readonly tls: EtcdTls; readonly clock: Clock }) {
    this.url = url;
    this.#clock = clock;
    this.#credentials = url.startsWith("https:") ? tlsCredentials(url, tls) : credentials.createInsecure();
  }

  /** Resolves once it is connected. What is sent on a connection that stands has been sent; before that, nothing has. */
  connected(): Promise<void> {
    const client = this.#connection();
    return new Promise((resolve, reject) => {
      client.waitForReady(this.#deadline(limits.etcdConnectMsMax), (error) => {
        if (error === undefined) resolve();
        else reject(new EtcdFailure("no-leader", `etcd at ${this.url} cannot be reached`));
      });
    });
  }

  /** Rejects with an EtcdFailure. */
  call<Request, Response extends Answer>(rpc: Rpc<Request, Response>, request: Request): Promise<Response> {
    const { encode, decode, path } = rpc;
    return new Promise((resolve, reject) => {
      const call = this.#connection().makeUnaryRequest(
        path,
        (message: Request) => asBuffer(encode(message)),
        decode,
        request,
        needsLeader,
        { deadline: this.#deadline(limits.etcdCallMsMax) },
        (error: ServiceError | null, response?: Response) => {
          this.#underWay.delete(call);
          if (error !== null) reject(failureOf(error, this.url));
          else if (response !== undefined) resolve(response);
          else reject(new EtcdFailure("unreachable", `etcd at ${this.url} answered nothing`));
        },
      );
      this.#underWay.add(call);
    });
  }

  watch(): WatchStream {
    const stream: ClientDuplexStream<WatchRequest, WatchResponse> = this.#connection().makeBidiStreamRequest(
      watchPath,
      (request: WatchRequest) => asBuffer(encodeWatch(request)),
      decodeWatch,
      needsLeader,
    );
    this.#underWay.add(stream);
    return watchStream(stream, { url: this.url, release: () => this.#underWay.delete(stream) });
  }

  /** Gives up the connection and all that is under way on it. */
  drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.close();
    for (const call of this.#underWay) call.cancel();
    this.#underWay.clear();
  }

  #connection(): Client {
    this.#client ??= new Client(targetOf(this.url), this.#credentials, {
      ...channelOptions,
      ...nameOption(this.url),
    });
    return this.#client;
  }

  #deadline(ms: number): number {
    return this.#clock.nowMs() + ms;
  }
}

/** A member without a leader refuses instead of waiting for one: another member may have one. */
const needsLeader = new Metadata();
needsLeader.set("hasleader", "true");

const channelOptions = {
  "grpc.keepalive_time_ms": limits.etcdKeepaliveEveryMs,
  "grpc.keepalive_timeout_ms": limits.etcdKeepaliveAnswerMsMax,
  "grpc.max_receive_message_length": limits.etcdMessageBytesMax,
  "grpc.max_send_message_length": limits.etcdMessageBytesMax,
  // Whether something may be sent twice is decided where its meaning is known.
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  // Each member has its own connection, which `drop` gives up; and etcd is never behind a proxy for browsers.
  "grpc.use_local_subchannel_pool": 1,
  // Counts each call for a debugger that nobody attaches.
  "grpc.enable_channelz": 0,
  "grpc.enable_http_proxy": 0,
  "grpc.initial_reconnect_backoff_ms": limits.etcdProbeMsMin,
  "grpc.max_reconnect_backoff_ms": limits.etcdProbeMsMax,
};

/** `dns:` also takes addresses. */
function targetOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `dns:${hostname}:${port === "" ? "2379" : port}`;
}

function tlsCredentials(url: string, { caFile, certFile, keyFile }: EtcdTls): ChannelCredentials {
  const read = (file: string | undefined): Buffer | null => (file === undefined ? null : readFileSync(file));
  // Whatever name the handshake is made with, the certificate is to name the host of the URL.
  const checkServerIdentity = (_name: string, certificate: PeerCertificate): Error | undefined =>
    checkIdentity(hostOf(url), certificate);
  return credentials.createSsl(read(caFile), read(keyFile), read(certFile), { checkServerIdentity });
}

/** An address must not be sent as the name of a server, which Node refuses and @grpc/grpc-js does: there, any name will do. */
function nameOption(url: string): { readonly "grpc.ssl_target_name_override"?: string } {
  return isIP(hostOf(url)) === 0 ? {} : { "grpc.ssl_target_name_override": "etcd" };
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
}

interface StreamOwner {
  readonly url: string;
  readonly release: () => void;
}

function watchStream(
  stream: ClientDuplexStream<WatchRequest, WatchResponse>,
  { url, release }: StreamOwner,
): WatchStream {
  // Whoever has gone away reads no error.
  stream.on("error", () => {});
  return {
    send: (request) => void stream.write(request),
    cancel: () => stream.cancel(),
    async *[Symbol.asyncIterator]() {
      try {
        for await (const response of stream) yield response as WatchResponse;
        throw new EtcdFailure("unreachable", `etcd at ${url} ended a watch`);
      } catch (error) {
        throw isServiceError(error) ? failureOf(error, url) : error;
      } finally {
        release();
        stream.cancel();
      }
    },
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
