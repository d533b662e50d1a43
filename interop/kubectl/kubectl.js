// Runs the real kubectl against the server that KUBECONFIG names.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";

assert.ok(process.env.KUBECONFIG, "KUBECONFIG must name the kubeconfig of the server under test");
const binary = process.env.KUBECTL ?? "kubectl";
const missing = (process.env.INTEROP_WITHOUT ?? "").split(",").map((feature) => feature.trim());

// A cache of its own: what kubectl learnt of another server at the same address is not this one's.
const cache = mkdtempSync(join(tmpdir(), "interop-kubectl-"));
after(() => rmSync(cache, { recursive: true, force: true }));
const environment = { ...process.env, KUBECACHEDIR: cache };

const commandMsMax = 60_000;

/** Options of a test: its bound in time, and whether it is skipped because INTEROP_WITHOUT lists something that it needs. */
export function needing(...features) {
  const lacking = features.find((feature) => missing.includes(feature));
  return { timeout: 90_000, skip: lacking !== undefined && `the server under test is without ${lacking}` };
}

/** Runs kubectl to its end; a call with an exit code other than the wanted one fails with all that kubectl said. */
export function kubectl(args, { input = "", exit = 0, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const options = { env: { ...environment, ...env }, timeout: commandMsMax };
    const child = execFile(binary, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      const said = `kubectl ${args.join(" ")} (exit ${code})\n${stdout}${stderr}`;
      if (code === exit) resolve({ stdout, stderr });
      else reject(new Error(said));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Starts a kubectl that goes on until the test ends, and gives a function that waits for its next line. */
export function startKubectl(t, args) {
  const child = spawn(binary, args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async () => (await lines.next()).value;
}

/** A namespace for one test, and kubectl inside of it. */
export async function makeNamespace(t) {
  const manifest = JSON.stringify({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { generateName: "interop-kubectl-" },
  });
  const made = await kubectl(["create", "-f", "-", "-o", "name"], { input: manifest });
  const name = made.stdout.trim().split("/")[1];
  t.after(async () => {
    await kubectl(["delete", "leases", "--all", "-n", name, "--wait=false"]);
    await kubectl(["delete", "namespace", name, "--wait=false"]);
  });
  const inside = (args, options) => kubectl(["-n", name, ...args], options);
  return { name, kubectl: inside, start: (args) => startKubectl(t, ["-n", name, ...args]) };
}

/** The manifest of a lease, as people write it; labels are those of YAML in one line, such as `{tier: front}`. */
export function lease(name, holder, labels) {
  return `apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: ${name}${labels === undefined ? "" : `\n  labels: ${labels}`}
spec:
  holderIdentity: ${holder}
  leaseDurationSeconds: 15
  renewTime: "2026-02-03T04:05:06.123457Z"
`;
}
