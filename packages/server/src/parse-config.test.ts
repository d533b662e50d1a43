import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Config } from "./config.ts";
import { describeSettings, type Environment, parseConfig } from "./parse-config.ts";

const defaults: Config = {
  dataDir: resolve("leasehold-data"),
  listen: { host: "127.0.0.1", port: 7443 },
  store: "sqlite",
  etcdServers: [],
  etcdCaFile: undefined,
  etcdCertFile: undefined,
  etcdKeyFile: undefined,
  etcdPrefix: "/registry",
  tokenAuthFile: undefined,
  tlsCertFile: undefined,
  tlsPrivateKeyFile: undefined,
  clientCaFile: undefined,
  tlsSan: [],
  coordinatedElection: true,
  logLevel: "info",
};

interface Accepted {
  readonly argv: string;
  readonly env?: Environment;
  readonly gives: Partial<Config>;
}

const accepted: readonly Accepted[] = [
  { argv: "", gives: {} },
  { argv: "--data-dir /var/lib/x", gives: { dataDir: "/var/lib/x" } },
  { argv: "--data-dir=here", gives: { dataDir: resolve("here") } },
  { argv: "--listen 0.0.0.0:0", gives: { listen: { host: "0.0.0.0", port: 0 } } },
  { argv: "--listen [::1]:65535", gives: { listen: { host: "::1", port: 65_535 } } },
  { argv: "--listen lease.example:443", gives: { listen: { host: "lease.example", port: 443 } } },
  { argv: "--store memory", gives: { store: "memory" } },
  { argv: "--store memory --store sqlite", gives: { store: "sqlite" } },
  {
    argv: "--store etcd --etcd-servers http://10.0.0.1:2379,https://[::1]:2379/ --etcd-servers https://c",
    gives: { store: "etcd", etcdServers: ["http://10.0.0.1:2379", "https://[::1]:2379", "https://c"] },
  },
  {
    argv: "--store etcd --etcd-cafile /a --etcd-certfile /c --etcd-keyfile /k --etcd-prefix /x/y",
    env: { LEASEHOLD_ETCD_SERVERS: "https://a:1,https://b:2" },
    gives: {
      store: "etcd",
      etcdServers: ["https://a:1", "https://b:2"],
      etcdCaFile: "/a",
      etcdCertFile: "/c",
      etcdKeyFile: "/k",
      etcdPrefix: "/x/y",
    },
  },
  { argv: "--tls-san a.example --tls-san 10.0.0.1,::1", gives: { tlsSan: ["a.example", "10.0.0.1", "::1"] } },
  { argv: "--tls-san *.example.com", gives: { tlsSan: ["*.example.com"] } },
  { argv: "--coordinated-election", gives: { coordinatedElection: true } },
  { argv: "--coordinated-election=false", gives: { coordinatedElection: false } },
  { argv: "--no-coordinated-election", gives: { coordinatedElection: false } },
  { argv: "--log-level debug", gives: { logLevel: "debug" } },
  { argv: "--token-auth-file /t.csv", gives: { tokenAuthFile: "/t.csv" } },
  {
    argv: "--tls-cert-file /c --tls-private-key-file /k",
    gives: { tlsCertFile: "/c", tlsPrivateKeyFile: "/k" },
  },
  { argv: "", env: { LEASEHOLD_DATA_DIR: "/env" }, gives: { dataDir: "/env" } },
  { argv: "--data-dir /flag", env: { LEASEHOLD_DATA_DIR: "/env" }, gives: { dataDir: "/flag" } },
  { argv: "", env: { LEASEHOLD_STORE: "" }, gives: { store: "sqlite" } },
  {
    argv: "",
    env: { LEASEHOLD_TLS_SAN: "a.example, b.example" },
    gives: { tlsSan: ["a.example", "b.example"] },
  },
  { argv: "--tls-san c.example", env: { LEASEHOLD_TLS_SAN: "a.example" }, gives: { tlsSan: ["c.example"] } },
  { argv: "", env: { LEASEHOLD_COORDINATED_ELECTION: "false" }, gives: { coordinatedElection: false } },
  // Kubernetes sets such variables for a Service of this name.
  { argv: "", env: { LEASEHOLD_PORT: "tcp://10.0.0.1:443", LEASEHOLD_SERVICE_HOST: "10.0.0.1" }, gives: {} },
];

for (const { argv, env = {}, gives } of accepted) {
  test(`"${argv}" with ${JSON.stringify(env)} is understood`, () => {
    assert.deepEqual(parseConfig(words(argv), env), { kind: "config", config: { ...defaults, ...gives } });
  });
}

const refused: readonly { readonly argv: string; readonly env?: Environment; readonly says: string }[] = [
  { argv: "--store etcd", says: "--store etcd and --etcd-servers need each other" },
  { argv: "--etcd-servers http://a:1", says: "--store etcd and --etcd-servers need each other" },
  {
    argv: "--store etcd --etcd-servers http://a:1 --etcd-certfile /c",
    says: "--etcd-certfile and --etcd-keyfile need each other",
  },
  {
    argv: "--store etcd --etcd-servers a:1",
    says: '--etcd-servers needs URLs such as https://10.0.0.1:2379, not "a:1"',
  },
  {
    argv: "--etcd-prefix registry/",
    says: '--etcd-prefix needs a prefix that begins with a slash and ends without, not "registry/"',
  },
  { argv: "--lisen 1:2", says: "unknown flag --lisen; --help lists them" },
  { argv: "-x", says: "unknown flag -x; --help lists them" },
  { argv: "extra", says: 'unexpected argument "extra"' },
  { argv: "--coordinated-election false", says: 'unexpected argument "false"; write --flag=false' },
  { argv: "--coordinated-election=no", says: '--coordinated-election needs true or false, not "no"' },
  { argv: "--listen", says: "--listen needs a value" },
  {
    argv: "--listen 7443",
    says: '--listen needs HOST:PORT, such as 127.0.0.1:7443 or [::1]:7443, not "7443"',
  },
  {
    argv: "--listen a:65536",
    says: '--listen needs HOST:PORT, such as 127.0.0.1:7443 or [::1]:7443, not "a:65536"',
  },
  {
    argv: "--listen ::1:7443",
    says: '--listen needs HOST:PORT, such as 127.0.0.1:7443 or [::1]:7443, not "::1:7443"',
  },
  {
    argv: "--listen [x]:1",
    says: '--listen needs HOST:PORT, such as 127.0.0.1:7443 or [::1]:7443, not "[x]:1"',
  },
  { argv: "--store disk", says: '--store needs one of sqlite, memory, etcd, not "disk"' },
  {
    argv: "",
    env: { LEASEHOLD_STORE: "disk" },
    says: 'LEASEHOLD_STORE needs one of sqlite, memory, etcd, not "disk"',
  },
  { argv: "--log-level loud", says: '--log-level needs one of debug, info, warn, error, silent, not "loud"' },
  { argv: "--tls-san a..b", says: '--tls-san needs a host name or an IP address, not "a..b"' },
  { argv: "--data-dir=", says: '--data-dir needs a directory, not ""' },
  { argv: "--tls-cert-file /c", says: "--tls-cert-file and --tls-private-key-file need each other" },
];

for (const { argv, env = {}, says } of refused) {
  test(`"${argv}" with ${JSON.stringify(env)} is refused in one line`, () => {
    assert.deepEqual(parseConfig(words(argv), env), { kind: "wrong", line: says });
  });
}

for (const [argv, kind] of Object.entries({
  "--help": "help",
  "-h": "help",
  "--store x --help": "help",
  "--version": "version",
})) {
  test(`"${argv}" asks for the ${kind}`, () => {
    assert.deepEqual(parseConfig(words(argv), {}), { kind });
  });
}

test("the help names every flag with its default and its variable", () => {
  const help = describeSettings();
  assert.match(help, /--listen HOST:PORT\n.*\(default 127\.0\.0\.1:7443\) \[\$LEASEHOLD_LISTEN\]/);
  assert.match(help, /--coordinated-election\[=true\|false\]\n.*\(default true\)/);
  assert.equal(help.match(/^ {2}--/gm)?.length, Object.keys(defaults).length);
});

function words(argv: string): readonly string[] {
  return argv === "" ? [] : argv.split(" ");
}
