/**
 * What was made of an object the last time, for recent objects only: at least the `countMax` remembered last, at most twice as many.
 *
 * A WeakMap would keep it as long as the object lives, and superseded objects live as long as the store's history: then the
 * garbage collector's walks over hundreds of thousands of them cost more than making the things again. Two generations, of which
 * the older is dropped whole, because taking single keys out of a large Map makes every later walk over it slow.
 */
export class Remembered<K extends object, V> {
  readonly #countMax: number;
  #recent = new Map<K, V>();
  #older = new Map<K, V>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get(key: K): V | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    return older === undefined ? undefined : this.set(key, older);
  }

  set(key: K, value: V): V {
    if (this.#recent.size >= this.#countMax) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
    return value;
  }
}
