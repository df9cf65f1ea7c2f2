import { expect } from "chai";
import fc from "fast-check";
import { addressOf, parseLocation, type Route } from "../../../src/web/routing/route.ts";

const locate = (address: string): Route => {
  const url = new URL(address, "http://localhost");
  return parseLocation(url.pathname, url.search);
};

describe("web: routes", () => {
  it("leads from the address of every page back to the page", () => {
    const text = fc.string({ minLength: 1 }).filter((word) => !/^\.{1,2}$/.test(word) && word.isWellFormed());
    const route = fc.oneof(
      fc.constantFrom<Route>(
        { page: "home" },
        { page: "verify" },
        { page: "records" },
        { page: "agreements" },
        { page: "validators" },
      ),
      fc.record({ page: fc.constant("search" as const), query: text }),
      fc.record({ page: fc.constant("verify" as const), digest: text }),
      fc.record({ page: fc.constantFrom("record", "certificate", "object", "batch", "agreement"), id: text }),
      fc.record({ page: fc.constantFrom("account" as const, "partner" as const), account: text }),
      fc.record({ page: fc.constant("voucher" as const), address: text }),
      fc.record({ page: fc.constantFrom("block" as const, "order" as const), number: text }),
      fc.record({ page: fc.constant("operation" as const), hash: text }),
    );
    fc.assert(
      fc.property(route, (one: Route) => {
        expect(locate(addressOf(one))).to.deep.equal(one);
      }),
    );
  });

  it("takes an address with a slash at its end for the same page", () => {
    expect(locate("/partners/")).to.deep.equal({ page: "partners" });
  });

  it("knows no other pages", () => {
    for (const path of ["/nowhere", "/records/1/2", "/documents/a", "/%E0%A4%A"]) {
      expect(locate(path)).to.deep.equal({ page: "not-found", path });
    }
  });
});
