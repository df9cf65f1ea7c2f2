import type { Rules } from "../rule.ts";

/** It has no state. */
export const rules: Rules = () => ({});
