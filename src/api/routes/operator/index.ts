import type { AddRoute } from "../route.ts";
import { operatorActsRoute } from "./acts.ts";
import { authorityActRoutes } from "./authorities.ts";
import { councilActRoutes } from "./council.ts";
import { orderActRoutes } from "./orders.ts";
import { partnerActRoutes } from "./partners.ts";
import { platformActRoutes } from "./platform.ts";
import { voucherActRoutes } from "./vouchers.ts";

/** Routes under /operator: what the operator's keys are asked to do, and what became of it. */
export const OPERATOR_ROUTES: readonly AddRoute[] = [
  operatorActsRoute,
  ...partnerActRoutes,
  ...voucherActRoutes,
  ...orderActRoutes,
  ...authorityActRoutes,
  ...councilActRoutes,
  ...platformActRoutes,
];
