import { expect } from "chai";
import { checkReceiver, isPrivateAddress, publicLookup } from "../../src/push/receiver-address.ts";

describe("a receiver's address", () => {
  for (const address of [
    ...["10.0.0.1", "127.0.0.1", "169.254.169.254", "172.31.255.255", "192.168.1.1", "100.64.0.1", "0.0.0.0"],
    ...["::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::a00:1", "2002:a00:1::"],
  ]) {
    it(`${address} is private`, () => {
      expect(isPrivateAddress(address)).to.equal(true);
    });
  }

  for (const address of ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]) {
    it(`${address} is public`, () => {
      expect(isPrivateAddress(address)).to.equal(false);
    });
  }

  for (const [name, url] of [
    ["no URL", "example.org/hook"],
    ["plain HTTP", "http://example.org/hook"],
    ["another protocol", "ftp://example.org/hook"],
    ["a password", "https://user:secret@example.org/hook"],
    ["a private address", "https://10.0.0.1/hook"],
    ["a private address written as one number", "https://2130706433/hook"],
    ["a private IPv6 address", "https://[::1]/hook"],
    ["a mapped private address", "https://[::ffff:192.168.0.1]/hook"],
  ] as const) {
    it(`is refused when it is ${name}`, () => {
      expect(() => checkReceiver(url, false))
        .to.throw()
        .with.property("code", "request.invalid");
    });
  }

  it("may be private where the operator allows it, and is never another protocol", () => {
    expect(checkReceiver("http://127.0.0.1:9000/hook", true).port).to.equal("9000");
    expect(() => checkReceiver("file:///etc/passwd", true)).to.throw();
  });

  it("is checked when the name is resolved: a name that leads inside leads nowhere", async () => {
    const outcome = await new Promise<Error | null>((resolve) =>
      publicLookup("localhost", {}, (error) => resolve(error)),
    );
    expect(outcome?.message).to.equal("localhost leads into a private network");
  });
});
