import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Draw } from "../draw.ts";

/** What happens to writes and to syncs; the order is that of the numbers in faulty-disk.c. */
const writeFaults = ["well", "no space", "I/O error", "half, then no space", "in pieces"] as const;
const syncFaults = ["well", "I/O error", "slow", "lies"] as const;

export interface DiskFault {
  readonly write?: (typeof writeFaults)[number];
  readonly sync?: (typeof syncFaults)[number];
  /** How long a slow sync takes. */
  readonly slowMs?: number;
  /** Strikes one call in so many, at random; every one unless told. */
  readonly oneIn?: number;
}

export interface DiskCounts {
  readonly writes: number;
  readonly writesFailed: number;
  readonly syncs: number;
  readonly syncsFailed: number;
}

/** Why there can be no such disk here; undefined when there can. */
export function withoutFaultyDisk(): string | undefined {
  if (process.platform !== "linux") return "only Linux has LD_PRELOAD and /proc";
  return spawnSync("cc", ["--version"]).status === 0 ? undefined : "there is no C compiler (cc)";
}

/**
 * A disk below one directory that fails when told, and remembers what a power cut would leave. Processes that are started with `env`
 * write through it (faulty-disk.c); files that others write there are not its business.
 */
export class FaultyDisk {
  readonly root: string;
  readonly #images: string;
  readonly #control: string;
  readonly #library: string;

  /** Makes `root`, and builds the library beside it. */
  constructor(directory: string) {
    this.root = join(directory, "disk");
    this.#images = join(directory, "images");
    this.#control = join(directory, "control");
    this.#library = join(directory, "faulty-disk.so");
    mkdirSync(this.root, { recursive: true });
    mkdirSync(this.#images, { recursive: true });
    writeFileSync(this.#control, Buffer.alloc(4096));
    const source = join(import.meta.dirname, "faulty-disk.c");
    const flags = ["-shared", "-fPIC", "-O1", "-Wall", "-o", this.#library, source, "-lpthread"];
    const built = spawnSync("cc", flags, { encoding: "utf8" });
    if (built.status !== 0) throw new Error(`cc could not build the faulty disk: ${built.stderr}`);
  }

  env(draw: Draw): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      FAULTY_DISK_ROOT: this.root,
      FAULTY_DISK_IMAGES: this.#images,
      FAULTY_DISK_CONTROL: this.#control,
      FAULTY_DISK_SEED: String(draw.below(2 ** 31)),
    };
  }

  /** From now on, also for processes that run already. */
  set({ write = "well", sync = "well", slowMs = 1000, oneIn = 1 }: DiskFault): void {
    const page = new Uint32Array([writeFaults.indexOf(write), syncFaults.indexOf(sync), slowMs, oneIn]);
    const descriptor = openSync(this.#control, "r+");
    writeSync(descriptor, new Uint8Array(page.buffer), 0, page.byteLength, 0);
    closeSync(descriptor);
  }

  get counts(): DiskCounts {
    const bytes = new Uint8Array(32);
    const descriptor = openSync(this.#control, "r");
    readSync(descriptor, bytes, 0, bytes.length, 0);
    closeSync(descriptor);
    const [, , , , writes = 0, writesFailed = 0, syncs = 0, syncsFailed = 0] = new Uint32Array(bytes.buffer);
    return { writes, writesFailed, syncs, syncsFailed };
  }

  /**
   * Leaves of each file what a power cut might: of the sectors that were not synced, some as they were last written and the others as
   * they were last synced; in groups of 512 or 4096 bytes, so that records are torn. No process may run on the disk. Returns how many
   * sectors were taken back.
   */
  cutPower(draw: Draw): number {
    let takenBack = 0;
    const groupBytes = draw.oneOf([512, 4096]);
    const keeps = draw.oneOf([0, 0.1, 0.5, 0.9]);
    for (const name of readdirSync(this.root, { recursive: true, encoding: "utf8" })) {
      const file = { path: join(this.root, name), image: join(this.#images, name.replaceAll("/", "%")) };
      if (statSync(file.path).isFile()) takenBack += cutFile(file, { draw, groupBytes, keeps });
    }
    return takenBack;
  }
}

interface CutFile {
  readonly path: string;
  /** Where its durable image stands, if it was ever synced. */
  readonly image: string;
}

interface Cut {
  readonly draw: Draw;
  readonly groupBytes: number;
  /** The probability with which an unsynced group reached the disk. */
  readonly keeps: number;
}

const sectorBytes = 512;

function cutFile({ path, image }: CutFile, { draw, groupBytes, keeps }: Cut): number {
  const written = readFileSync(path);
  const synced = existsSync(image) ? readFileSync(image) : Buffer.alloc(0);
  if (!existsSync(image) && !draw.chance(keeps)) {
    rmSync(path);
    return Math.ceil(written.length / sectorBytes);
  }
  const lost = existsSync(`${image}.lost`) ? readFileSync(`${image}.lost`) : Buffer.alloc(0);
  const left = Buffer.alloc(draw.chance(keeps) ? written.length : synced.length);
  synced.copy(left);
  for (let group = 0; group < left.length; group += groupBytes) {
    if (!draw.chance(keeps)) continue;
    const end = Math.min(group + groupBytes, left.length, written.length);
    for (let sector = group; sector < end; sector += sectorBytes)
      if (lost[sector / sectorBytes] !== lostMark) written.copy(left, sector, sector, sector + sectorBytes);
  }
  writeFileSync(path, left);
  writeFileSync(image, left);
  rmSync(`${image}.lost`, { force: true });
  return differentSectors(written, left);
}

function differentSectors(one: Buffer, other: Buffer): number {
  let count = 0;
  for (let at = 0; at < Math.max(one.length, other.length); at += sectorBytes)
    if (!one.subarray(at, at + sectorBytes).equals(other.subarray(at, at + sectorBytes))) count += 1;
  return count;
}

/** `LOST` in faulty-disk.c. */
const lostMark = 2;
