// What stands between a fresh clone and a running command: the packages of the lock file and a Node that runs TypeScript.
// Plain JavaScript for Node 18 and newer, built-in modules only: it runs before anything is installed.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs what is missing, says so in one line when it does, and returns the path of the Node that runs the project. */
export function prepare() {
  if (missingPackage() !== undefined) install();
  return findNode();
}

/**
 * Replaces this process by Node with the project's conditions, or, where a process cannot be replaced, runs it as a child and
 * passes signals and the outcome on. Does not return.
 */
export function become(node, nodeArguments) {
  const argv = ["--conditions=leasehold-source", ...nodeArguments];
  // Stripping the types of a hundred files takes half a second; the cache remembers the result.
  const env = { NODE_COMPILE_CACHE: join(root, "node_modules/.cache/node"), ...process.env };
  if (typeof process.execve === "function") process.execve(node, [node, ...argv], env);
  const child = spawn(node, argv, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`cannot run ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * npm leaves in node_modules/.package-lock.json what it has installed, at the end of a complete installation. Comparing that
 * with the lock file tells in a few milliseconds whether everything is there, whoever installed it and however.
 */
function missingPackage() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules/.package-lock.json");
  return Object.keys(wanted).find((path) => {
    const want = wanted[path];
    const have = installed[path];
    if (path === "" || !path.startsWith("node_modules/")) return false;
    if (have === undefined) return want.optional !== true && want.devOptional !== true && want.peer !== true;
    return have.version !== want.version || have.integrity !== want.integrity;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages ?? {};
  } catch (error) {
    if (error.code === "ENOENT" && path !== "package-lock.json") return {};
    return fail(`cannot read ${path}: ${error.message}`);
  }
}

/** Installs once, though several commands may find the packages missing at the same moment. */
function install() {
  const lock = join(root, ".installing");
  if (!takeLock(lock)) {
    say("waiting for another command that installs the dependencies");
    while (!takeLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  process.on("exit", () => rmSync(lock, { recursive: true, force: true }));
  if (missingPackage() !== undefined) installFromLock();
  rmSync(lock, { recursive: true, force: true });
}

/**
 * `npm install --no-save` keeps to the lock file and leaves it as it is. `npm ci` would refuse it: npm leaves out of a lock file
 * the packages for other platforms that its registry did not have on the day, and then misses them.
 */
function installFromLock() {
  say("installing dependencies with npm, once; this takes some seconds");
  // No package needs an install script, so none is run; NODE_ENV=production must not leave the tools out.
  const flags = ["--no-save", "--ignore-scripts", "--include=dev", "--include=optional"];
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  const result = runNpm(["install", ...flags, ...quiet]);
  if (result.error !== undefined) fail(`cannot run npm: ${result.error.message}`);
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    fail("npm could not install the dependencies, see above; it needs a package registry that it can reach");
  }
  const missing = missingPackage();
  if (missing !== undefined) fail(`npm did not install ${missing}`);
}

/** npm may be a script beside this very Node (npm tells its children where) or a command on the PATH. */
function runNpm(npmArguments) {
  const script = process.env.npm_execpath;
  const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return spawnSync(process.execPath, [script, ...npmArguments], options);
  }
  return spawnSync("npm", npmArguments, options);
}

/** A lock of a process that is gone counts as free. */
function takeLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") return fail(`cannot write to ${root}: ${error.message}`);
  }
  if (holderIsGone(lock)) rmSync(lock, { recursive: true, force: true });
  return false;
}

function holderIsGone(lock) {
  try {
    const pid = Number(readFileSync(join(lock, "pid"), "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    if (error.code === "ESRCH") return true;
    // Without a pid the holder is about to write it, or died in that instant.
    return error.code === "ENOENT" && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000;
  }
}

/**
 * This very Node if it is the project's or newer (npm puts the project's first on the PATH), else npm's package for this
 * platform, which the lock file names with its checksum, else this Node if it runs TypeScript at all.
 */
function findNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 26) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const name = platform === "darwin-arm64" ? `node-bin-${platform}` : `node-${platform}`;
  const packaged = join(root, "node_modules", name, "bin", "node");
  if (existsSync(packaged) && !isMusl()) return packaged;
  if (major >= 24) return process.execPath;
  return fail(
    `Node 24 or newer is missing: this is ${process.version}, and no npm package ${name} that runs here is installed. ` +
      "Install a newer Node (https://nodejs.org) and try again",
  );
}

/** npm's Node packages for Linux are linked against glibc and do not start on Alpine and its like. */
function isMusl() {
  return process.platform === "linux" && process.report.getReport().header.glibcVersionRuntime === undefined;
}

function say(text) {
  process.stderr.write(`leasehold: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
