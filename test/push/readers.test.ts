import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { Readers } from "../../src/push/readers.ts";

describe("readers of streams", () => {
  it("from one address take no more than its part, and leave the others theirs", () => {
    const readers = new Readers(5, 2);
    readers.enter("192.0.2.1");
    const leave = readers.enter("192.0.2.1");
    expect(() => readers.enter("192.0.2.1"))
      .to.throw(BropError)
      .with.property("code", "request.rate-limited");
    readers.enter("192.0.2.2");
    leave();
    readers.enter("192.0.2.1");
  });

  it("with IPv6 count by the network of one subscriber", () => {
    const readers = new Readers(5, 2);
    readers.enter("2001:db8:0:1::1");
    readers.enter("2001:db8:0:1::2");
    expect(() => readers.enter("2001:db8:0:1::3")).to.throw(BropError);
    readers.enter("2001:db8:0:2::1");
  });

  it("are never more than there is room for, and leave once only", () => {
    const readers = new Readers(3, 3);
    const leave = readers.enter("192.0.2.1");
    for (const address of ["192.0.2.2", "192.0.2.3"]) readers.enter(address);
    expect(() => readers.enter("192.0.2.4"))
      .to.throw(BropError)
      .with.property("details")
      .that.includes({ retryAfter: 30 });
    leave();
    leave();
    readers.enter("192.0.2.4");
    expect(() => readers.enter("192.0.2.5")).to.throw(BropError);
  });
});
