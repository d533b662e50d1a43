import { quote } from "../quote.ts";

/** How many a body may collect, as in kube-apiserver. */
const strictErrorsMax = 100;

/** Fields that nobody knows and fields that stand twice, each said once, with the path to them. */
export class StrictErrors {
  readonly messages: string[] = [];
  /** The first number that no 64-bit float holds: where nothing says what a number is to be, that is no matter of strictness. */
  outOfRange: string | undefined;
  /** The path to what is being read: keys, and indexes as numbers. Its text is made only for an error. */
  readonly #path: (string | number)[] = [];

  enterKey(key: string): void {
    this.#path.push(key);
  }

  enterIndex(index: number): void {
    this.#path.push(index);
  }

  leave(): void {
    this.#path.pop();
  }

  unknown(name: string): void {
    this.#add(`unknown field ${quote(this.#pathTo(name))}`);
  }

  duplicate(name: string): void {
    this.#add(`duplicate field ${quote(this.#pathTo(name))}`);
  }

  #pathTo(name: string): string {
    const parts = [...this.#path, name].map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`));
    return parts.join("").replace(/^\./, "");
  }

  #add(message: string): void {
    if (this.messages.length < strictErrorsMax && !this.messages.includes(message))
      this.messages.push(message);
  }
}
