/**
 * A command for `leasehold run` that proves that it is alone: it holds a lock that the kernel gives back at the moment of its death, and
 * writes to a log what it sees. Arguments: the directory of locks and log, and perhaps `deaf`, which ignores SIGTERM.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const [directory = ".", manner = ""] = process.argv.slice(2);
const { LEASEHOLD_FENCING_TOKEN: token = "?", LEASEHOLD_SLOT: slot = "0" } = process.env;
const note = (what: string): void =>
  appendFileSync(join(directory, "log"), `${what} ${token} ${process.pid} ${slot}\n`);

const database = new DatabaseSync(join(directory, `lock-${slot}`));
try {
  database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  note("start");
} catch {
  note("overlap");
}
process.on("SIGTERM", () => {
  note("term");
  if (manner !== "deaf") process.exit(0);
});
setInterval(() => undefined, 1000);
