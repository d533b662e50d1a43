import type { Revision } from "./store.ts";

/**
 * Items in the order of their revisions, appended at the end and dropped from the start. Both cost O(1) on average, finding a
 * revision O(log n).
 */
export class RevisionLog<Item extends { readonly revision: Revision }> {
  #items: (Item | undefined)[] = [];
  /** Items before this index are dropped; the array is moved down when they are the larger half. */
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  get first(): Item | undefined {
    return this.#items[this.#start];
  }

  append(item: Item): void {
    this.#items.push(item);
  }

  dropFirst(): void {
    this.#items[this.#start] = undefined;
    this.#start += 1;
    if (this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }

  /** The items with a greater revision, oldest first. The log must not be changed while it is read. */
  *after(revision: Revision): Generator<Item, void> {
    for (let index = this.#indexAfter(revision); index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item !== undefined) yield item;
    }
  }

  #indexAfter(revision: Revision): number {
    let low = this.#start;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle]?.revision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
