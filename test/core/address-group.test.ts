import { expect } from "chai";
import { addressGroup } from "../../src/core/address-group.ts";

describe("whom an address stands for", () => {
  for (const [address, group] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ] as const) {
    it(`is ${group} for ${address}`, () => {
      expect(addressGroup(address)).to.equal(group);
    });
  }

  it("is somebody else in another network", () => {
    expect(addressGroup("2001:db8:1:3::1")).to.not.equal(addressGroup("2001:db8:1:2::1"));
    expect(addressGroup("192.0.2.2")).to.not.equal(addressGroup("192.0.2.1"));
  });
});
