import { oneCall, operatorCall } from "./make.ts";

/** Makes the call that a regulator has ordered (GO-2). @param input.data the call's data, of which the order has the digest */
export const executeOrder = oneCall<{ order: number; data: string }>("order.execute", ({ order, data }, at) =>
  operatorCall(at, `Order ${order} is executed`, "Orders", "execute", [order, data]),
);

/** Ends an order without a call. @param input.result digest of the report of what was done */
export const reportOrder = oneCall<{ order: number; result: string }>("order.report", ({ order, result }, at) =>
  operatorCall(at, `Order ${order} is reported as done`, "Orders", "report", [order, result]),
);
