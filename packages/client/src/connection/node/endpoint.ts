/** A server, and how one shows who one is. */
export interface Endpoint {
  readonly url: URL;
  /** The namespace that the settings name. */
  readonly namespace?: string | undefined;
  /**
   * Asked before each request; remembers by itself what it can. `tls` is the same object for as long as its content is the same: sockets
   * are shared by it.
   */
  credentials(): Promise<Credentials>;
  /** The server did not accept the credentials: next time they are looked up anew. */
  refused?(): void;
}

export interface Credentials {
  /** In lower case, e.g. `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

/** As Node calls these; absent means Node's default. Certificates and keys are PEM. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}
