import type { AddRoute } from "../routes/route.ts";
import {
  agreementRoutes,
  batchRoutes,
  hostedFileRoutes,
  timestampAuthorityRoutes,
  timestampTokenRoutes,
} from "./evidence.ts";
import { keyResetRoutes, nameRoutes, orderRoutes } from "./identity.ts";
import { custodyProofRoutes, redemptionRoutes } from "./vouchers.ts";

/** Lists of states that need no query of their own. */
export const STATE_ROUTES: readonly AddRoute[] = [
  ...agreementRoutes,
  ...batchRoutes,
  ...hostedFileRoutes,
  ...timestampAuthorityRoutes,
  ...timestampTokenRoutes,
  ...nameRoutes,
  ...keyResetRoutes,
  ...orderRoutes,
  ...redemptionRoutes,
  ...custodyProofRoutes,
];
