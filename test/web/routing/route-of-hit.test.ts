import { expect } from "chai";
import type { HitKind } from "../../../src/web/api/types.ts";
import { addressOf } from "../../../src/web/routing/route.ts";
import { routeOfHit } from "../../../src/web/routing/route-of-hit.ts";

describe("web: pages of search results", () => {
  const addresses: Record<HitKind, string> = {
    record: "/records/x",
    object: "/objects/x",
    account: "/accounts/x",
    partner: "/partners/x",
    voucher: "/vouchers/x",
    agreement: "/agreements/x",
    batch: "/batches/x",
    order: "/orders/x",
    block: "/blocks/x",
    operation: "/operations/x",
  };
  for (const [kind, address] of Object.entries(addresses)) {
    it(`opens the page of a ${kind}`, () => {
      expect(
        addressOf(routeOfHit({ kind: kind as HitKind, id: "x", title: "", match: "identifier", nameKind: null })),
      ).to.equal(address);
    });
  }
});
