/** A document as it was parsed: what its scalars mean is not yet decided. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping | YamlAlias;

export interface YamlScalar {
  readonly kind: "scalar";
  /** Counted from 1. */
  readonly line: number;
  /** In its short form, such as `!!str`; empty when there is none. */
  readonly tag: string;
  readonly text: string;
  /** Neither in quotation marks nor a block, so that it may mean something else than its text. */
  readonly isPlain: boolean;
}

export interface YamlSequence {
  readonly kind: "sequence";
  readonly line: number;
  readonly items: YamlNode[];
}

export interface YamlMapping {
  readonly kind: "mapping";
  readonly line: number;
  readonly pairs: YamlPair[];
}

export type YamlPair = readonly [key: YamlNode, value: YamlNode];

export interface YamlAlias {
  readonly kind: "alias";
  readonly line: number;
  readonly name: string;
  readonly target: YamlNode;
}

/** Why a text cannot be used, in Go's words without the `yaml: ` before them. */
export class YamlRefusal extends Error {}
