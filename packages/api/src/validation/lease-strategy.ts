import type { FieldError } from "../field-error.ts";
import { asJson, invalidValues, notSupported } from "./field-errors.ts";
import { qualifiedNameMessages } from "./names.ts";

/** How a coordinated election picks: a name that Kubernetes defines, or one with the domain of whoever defines it. */
export function validateLeaseStrategy(strategy: string): readonly FieldError[] {
  // The field is named twice in kube-apiserver's sentences.
  const field = "spec.strategy.strategy";
  const found = asJson(strategy);
  if (strategy.includes("/")) {
    return invalidValues(field, { found, messages: qualifiedNameMessages(strategy) });
  }
  return strategy === oldestEmulationVersion
    ? []
    : [notSupported(field, { found, supported: [oldestEmulationVersion] })];
}

/** The one strategy that Kubernetes defines. */
export const oldestEmulationVersion = "OldestEmulationVersion";
