import type { Hit } from "../api/types.ts";
import type { Route } from "./route.ts";

/** The page that shows what a search found. */
export function routeOfHit({ kind, id }: Hit): Route {
  switch (kind) {
    case "record":
      return { page: "record", id };
    case "object":
      return { page: "object", id };
    case "account":
      return { page: "account", account: id };
    case "partner":
      return { page: "partner", account: id };
    case "voucher":
      return { page: "voucher", address: id };
    case "agreement":
      return { page: "agreement", id };
    case "batch":
      return { page: "batch", id };
    case "order":
      return { page: "order", number: id };
    case "block":
      return { page: "block", number: id };
    case "operation":
      return { page: "operation", hash: id };
  }
}
