/** What the index holds: anything with a key, and that key's place in the order. */
export interface Keyed {
  readonly key: string;
  /** `sortKey(key)`, kept so that comparing is comparing two strings. */
  readonly order: string;
}

/** From `start` (included) to `end` (excluded), both as `sortKey` gives them. */
export interface KeyInterval {
  readonly start: string;
  readonly end: string;
}

/**
 * Items ordered by the UTF-8 bytes of their keys: a sorted array, cut into blocks so that inserting moves at most one block.
 *
 *     blocks: [ a b c ] [ d f ] [ g h k m ]        insert e:  [ a b c ] [ d e f ] [ g h k m ]
 *
 * A block that grows past its bound is cut in two, one that empties is removed. 100,000 keys make some 300 blocks; counting an
 * interval looks at each of its blocks, not at its keys.
 */
export class SortedKeys<Item extends Keyed> {
  #blocks: Item[][] = [];
  /** Inserted, but not in a block yet: whoever looks first puts them there, and many are sorted sooner than inserted. */
  #fresh: Item[] = [];

  insert(item: Item): void {
    this.#fresh.push(item);
  }

  /** Puts everything in its place now, instead of when it is looked for. */
  settle(): void {
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    if (fresh.length < Math.max(blockItemsMax, this.#blocks.length * freshPerBlock))
      for (const item of fresh) this.#put(item);
    else this.#blocks = blocksOf([...this.#blocks.flat(), ...fresh]);
  }

  remove(item: Item): void {
    this.settle();
    const at = this.#blockOf(item.order);
    const block = this.#blocks[at];
    const index = block === undefined ? 0 : lowerBound(block, item.order);
    if (block?.[index] !== item) return;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  count(interval: KeyInterval): number {
    let count = 0;
    for (const { start, end } of this.#pieces(interval)) count += Math.max(0, end - start);
    return count;
  }

  /** The first items of an interval, in order. */
  first(interval: KeyInterval, limit: number): Item[] {
    const items: Item[] = [];
    for (const { block, start, end } of this.#pieces(interval)) {
      for (const item of block.slice(start, Math.min(end, start + limit - items.length))) items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }

  /** The items of an interval one by one, in order. The index must not be changed while it is read. */
  *within(interval: KeyInterval): Generator<Item, void> {
    for (const { block, start, end } of this.#pieces(interval)) yield* block.slice(start, end);
  }

  #put(item: Item): void {
    const at = this.#blockOf(item.order);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([item]);
      return;
    }
    block.splice(lowerBound(block, item.order), 0, item);
    if (block.length > blockItemsMax) this.#blocks.splice(at + 1, 0, block.splice(block.length >>> 1));
  }

  /** The blocks that an interval touches, each with the part that lies in it. */
  *#pieces(interval: KeyInterval): Generator<Piece<Item>, void> {
    this.settle();
    for (let at = this.#blockOf(interval.start); at < this.#blocks.length; at += 1) {
      const block = this.#blocks[at] ?? [];
      const end = lowerBound(block, interval.end);
      yield { block, start: lowerBound(block, interval.start), end };
      if (end < block.length) return;
    }
  }

  /** The block where a key stands or would stand: the last that starts at or before it. */
  #blockOf(order: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.[0]?.order ?? "") <= order) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

interface Piece<Item> {
  readonly block: readonly Item[];
  readonly start: number;
  readonly end: number;
}

/**
 * Text that JavaScript orders as the key's UTF-8 bytes are ordered: the key itself while it is ASCII, else one character for each
 * byte. JavaScript compares UTF-16, where U+1F600 would stand before U+FF01.
 */
export function sortKey(key: string): string {
  return ascii.test(key) ? key : Buffer.from(key, "utf8").toString("latin1");
}

/** The keys below a prefix (which ends with "/", and "0" is the character after it), after `after` if there is one. */
export function intervalBelow(
  prefix: string,
  { after }: { readonly after?: string | undefined } = {},
): KeyInterval {
  const order = sortKey(prefix);
  const afterOrder = after === undefined ? "" : `${sortKey(after)}\0`;
  return { start: afterOrder > order ? afterOrder : order, end: `${order.slice(0, -1)}0` };
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\0-\x7f]*$/;

/** Small enough to be moved in well under a microsecond. */
const blockItemsMax = 512;
/** Fewer are sooner put in their places one by one than everything is sorted anew: a sixteenth of what the blocks hold. */
const freshPerBlock = 16;

/** Sorts, and cuts into blocks that have room to grow. */
function blocksOf<Item extends Keyed>(items: readonly Item[]): Item[][] {
  const sorted = items.toSorted((one, other) => (one.order < other.order ? -1 : 1));
  const blocks: Item[][] = [];
  for (let start = 0; start < sorted.length; start += blockItemsMax / 2)
    blocks.push(sorted.slice(start, start + blockItemsMax / 2));
  return blocks;
}

function lowerBound(block: readonly Keyed[], order: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((block[middle]?.order ?? "") < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
