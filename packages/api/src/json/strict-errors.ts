import { quote } from "../quote.ts";

/** How many a body may collect, as in kube-apiserver. */
const strictErrorsMax = 100;

/** Fields that nobody knows and fields that stand twice, each said once, with the path to them. */
export class StrictErrors {
  readonly messages: string[] = [];
  /** Parts of the path to what is being read: names with their dots, indexes in brackets. */
  readonly #path: string[] = [];

  enterKey(key: string): void {
    this.#path.push(this.#path.length === 0 ? key : `.${key}`);
  }

  enterIndex(index: number): void {
    this.#path.push(`[${index}]`);
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
    return this.#path.length === 0 ? name : `${this.#path.join("")}.${name}`;
  }

  #add(message: string): void {
    if (this.messages.length < strictErrorsMax && !this.messages.includes(message))
      this.messages.push(message);
  }
}
