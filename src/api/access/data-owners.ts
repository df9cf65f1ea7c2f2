import { ROLES } from "../../store/queries/api-keys/api-keys.ts";
import type { RestrictedAccess } from "./access.ts";

/** Every institution may have business data; what it has is its own. */
export const DATA_OWNERS: RestrictedAccess = { scope: "data", roles: ROLES };
