import { ACCOUNTS } from "./properties/accounts.ts";
import { AUTHORITY } from "./properties/authority.ts";
import { EVIDENCE } from "./properties/evidence.ts";
import type { Property } from "./properties/property.ts";
import { QUOTA } from "./properties/quota.ts";
import { SUPPLY } from "./properties/supply.ts";
import { TRANSFERS } from "./properties/transfers.ts";

/** Everything that is checked after each step of a random run. */
export const PROPERTIES: readonly Property[] = [
  ...ACCOUNTS,
  ...EVIDENCE,
  ...SUPPLY,
  ...TRANSFERS,
  ...QUOTA,
  ...AUTHORITY,
];
