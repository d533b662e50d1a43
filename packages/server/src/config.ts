import { isIP } from "node:net";
import { resolve } from "node:path";

/** What a server is told at its start. Everything is checked for form; whether files can be read shows when they are. */
export interface Config {
  /** Absolute. */
  readonly dataDir: string;
  /** The port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly store: StoreName;
  /** The client URLs of the members of an etcd cluster: some for the store etcd, and otherwise none. */
  readonly etcdServers: readonly string[];
  readonly etcdCaFile: string | undefined;
  /** Both or neither. */
  readonly etcdCertFile: string | undefined;
  readonly etcdKeyFile: string | undefined;
  /** What all keys in etcd begin with. */
  readonly etcdPrefix: string;
  readonly tokenAuthFile: string | undefined;
  /** Both or neither; neither means certificates of our own making. */
  readonly tlsCertFile: string | undefined;
  readonly tlsPrivateKeyFile: string | undefined;
  /** Authorities whose signature under a client's certificate is believed, beside our own. */
  readonly clientCaFile: string | undefined;
  /** More names and addresses for the server's certificate. */
  readonly tlsSan: readonly string[];
  readonly coordinatedElection: boolean;
  readonly logLevel: LogLevel;
}

export const storeNames = ["sqlite", "memory", "etcd"] as const;
export type StoreName = (typeof storeNames)[number];

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One row of the table of settings: a flag, its twin in the environment, and what it means. */
export interface Setting<Value> {
  /** Without the dashes. The environment variable is LEASEHOLD_ and the same in capitals. */
  readonly flag: string;
  /** What stands for the value in the help; a flag without one is a switch, true when nothing follows. */
  readonly placeholder: string | undefined;
  readonly help: string;
  /** As it would be written behind the flag; absent when nothing is the default. */
  readonly defaultText: string | undefined;
  /** Whether the flag may stand several times; in the environment, commas separate. */
  readonly repeats: boolean;
  /** Takes what was written, in order; never empty unless there is no default. */
  readonly parse: (texts: readonly string[]) => Parsed<Value>;
}

export type Parsed<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** `needs` completes the sentence "--flag needs …". */
  | { readonly kind: "wrong"; readonly needs: string };

/** The table from which the flags, the environment variables and `--help` are made. */
export const settings: { readonly [Name in keyof Config]: Setting<Config[Name]> } = {
  dataDir: one({
    flag: "data-dir",
    placeholder: "DIR",
    help: "where the store, the certificates and admin.kubeconfig live; each replica has its own",
    defaultText: "./leasehold-data",
    parse: (text) => (text === "" ? needs("a directory") : value(resolve(text))),
  }),
  listen: one({
    flag: "listen",
    placeholder: "HOST:PORT",
    help: "the address to serve on; port 0 takes a free one",
    defaultText: "127.0.0.1:7443",
    parse: parseAddress,
  }),
  store: one({
    flag: "store",
    placeholder: storeNames.join("|"),
    help: "sqlite keeps every acknowledged write, memory forgets all at exit, etcd is shared by any number of replicas",
    defaultText: "sqlite",
    parse: (text) => oneOf(storeNames, text),
  }),
  etcdServers: {
    flag: "etcd-servers",
    placeholder: "URL,URL",
    help: "the members of the etcd cluster that --store etcd uses",
    defaultText: undefined,
    repeats: true,
    parse: parseServers,
  },
  etcdCaFile: file({
    flag: "etcd-cafile",
    help: "the authority (PEM) for etcd's certificates",
  }),
  etcdCertFile: file({
    flag: "etcd-certfile",
    help: "the client certificate (PEM) for etcd",
  }),
  etcdKeyFile: file({
    flag: "etcd-keyfile",
    help: "the private key (PEM) of --etcd-certfile",
  }),
  etcdPrefix: one({
    flag: "etcd-prefix",
    placeholder: "/PREFIX",
    help: "what all keys in etcd begin with; kube-apiserver's default is the same",
    defaultText: "/registry",
    parse: (text) =>
      /^(\/[^/\s]+)+$/.test(text) ? value(text) : needs("a prefix that begins with a slash and ends without"),
  }),
  tokenAuthFile: file({
    flag: "token-auth-file",
    help: 'bearer tokens, one a line: token,user,uid,"group1,group2"',
  }),
  tlsCertFile: file({
    flag: "tls-cert-file",
    help: "a certificate (PEM, its chain after it) in place of our own",
  }),
  tlsPrivateKeyFile: file({
    flag: "tls-private-key-file",
    help: "the private key (PEM) of --tls-cert-file",
  }),
  clientCaFile: file({
    flag: "client-ca-file",
    help: "authorities (PEM) for client certificates, beside our own",
  }),
  tlsSan: {
    flag: "tls-san",
    placeholder: "NAME",
    help: "one more host name or IP address for our certificate; repeatable",
    defaultText: undefined,
    repeats: true,
    parse: parseNames,
  },
  coordinatedElection: one({
    flag: "coordinated-election",
    placeholder: undefined,
    help: "elect leaders among LeaseCandidates",
    defaultText: "true",
    parse: parseBoolean,
  }),
  logLevel: one({
    flag: "log-level",
    placeholder: logLevels.join("|"),
    help: "how much is logged to stderr",
    defaultText: "info",
    parse: (text) => oneOf(logLevels, text),
  }),
};

function value<Value>(value: Value): Parsed<Value> {
  return { kind: "value", value };
}

function needs(what: string): { readonly kind: "wrong"; readonly needs: string } {
  return { kind: "wrong", needs: what };
}

/** A setting that stands at most once; the last one wins, as in other command lines. */
function one<Value>(
  row: Omit<Setting<Value>, "repeats" | "parse"> & { readonly parse: (text: string) => Parsed<Value> },
): Setting<Value> {
  return { ...row, repeats: false, parse: (texts) => row.parse(texts.at(-1) ?? "") };
}

function file(row: { readonly flag: string; readonly help: string }): Setting<string | undefined> {
  return {
    ...row,
    placeholder: "FILE",
    defaultText: undefined,
    repeats: false,
    parse(texts) {
      const text = texts.at(-1);
      if (text === undefined) return value(undefined);
      return text === "" ? needs("a file") : value(resolve(text));
    },
  };
}

function oneOf<Word extends string>(words: readonly Word[], text: string): Parsed<Word> {
  const word = words.find((candidate) => candidate === text);
  return word === undefined ? needs(`one of ${words.join(", ")}`) : value(word);
}

function parseBoolean(text: string): Parsed<boolean> {
  return text === "true" || text === "false" ? value(text === "true") : needs("true or false");
}

/** `127.0.0.1:7443`, `localhost:0`, `[::1]:7443`. */
function parseAddress(text: string): Parsed<Config["listen"]> {
  const match = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]/\s]+)):(?<port>\d{1,5})$/.exec(text);
  const { ipv6, name, port: portText } = match?.groups ?? {};
  const host = ipv6 ?? name;
  const port = Number(portText);
  if (host === undefined || !(port <= 65_535) || (ipv6 !== undefined && isIP(ipv6) !== 6)) {
    return needs("HOST:PORT, such as 127.0.0.1:7443 or [::1]:7443");
  }
  return value({ host, port });
}

/** Client URLs of etcd, behind commas or repeated. */
function parseServers(texts: readonly string[]): Parsed<readonly string[]> {
  const urls = texts.flatMap((text) => text.split(",")).map((url) => url.trim());
  const isServer = (url: string): boolean => URL.canParse(url) && /^https?:\/\/[^/?#@]+\/?$/.test(url);
  return urls.every(isServer)
    ? value(urls.map((url) => url.replace(/\/$/, "")))
    : needs("URLs such as https://10.0.0.1:2379");
}

/** Host names, wildcards for one label included, and IP addresses. */
function parseNames(texts: readonly string[]): Parsed<readonly string[]> {
  const names = texts
    .flatMap((text) => text.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wrong = names.find((name) => isIP(name) === 0 && !hostName.test(name));
  return wrong === undefined ? value(names) : needs("a host name or an IP address");
}

const hostName =
  /^(?=.{1,253}$)(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$/i;
