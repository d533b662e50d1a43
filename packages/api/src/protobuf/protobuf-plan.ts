import { decodePlan, type DecodePlan, type PlannedField } from "../json/decode-plan.ts";
import type { MessageTable } from "../schema.ts";

/** A table made ready for protobuf. */
export interface ProtobufPlan {
  readonly table: MessageTable;
  readonly zero: DecodePlan;
  readonly byNumber: readonly (ProtobufField | undefined)[];
  /** The highest number first: messages are written from their end. */
  readonly backwards: readonly ProtobufField[];
}

export interface ProtobufField extends PlannedField {
  readonly number: number;
  /** What Go calls the field; decoding errors quote it. */
  readonly goName: string;
  readonly nested: ProtobufPlan | undefined;
  /** Whether values are varints and not measured bytes. */
  readonly isVarint: boolean;
}

const plans = new WeakMap<MessageTable, ProtobufPlan>();

export function protobufPlan(table: MessageTable): ProtobufPlan {
  const known = plans.get(table);
  if (known !== undefined) return known;
  const zero = decodePlan(table);
  const fields = table.fields.map((field, index): ProtobufField => {
    const planned = zero.fields[index];
    if (planned === undefined) throw new Error(`${table.name} has no field ${index}`);
    const nested = typeof field.type === "string" ? undefined : protobufPlan(field.type);
    return {
      ...planned,
      number: field.number,
      goName: goNameOf(field.name, nested),
      nested,
      isVarint: planned.shape !== "map" && varints.has(planned.item),
    };
  });
  const byNumber: (ProtobufField | undefined)[] = [];
  for (const field of fields) byNumber[field.number] = field;
  const backwards = fields.toSorted((left, right) => right.number - left.number);
  const plan = { table, zero, byNumber, backwards };
  plans.set(table, plan);
  return plan;
}

/** Go's names begin with a capital and write initialisms in capitals; metadata is embedded and goes by its type. */
function goNameOf(name: string, nested: ProtobufPlan | undefined): string {
  if (name === "metadata" && nested !== undefined) return nested.table.name;
  return name.replace(/^(?:api|uid|[a-z])/, (start) => start.toUpperCase());
}

const varints: ReadonlySet<string> = new Set(["bool", "int32", "int64"]);
