import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { killPlatforms, launchPlatform, refusedStart, untilReady } from "./support/platform-process.ts";

describe("a platform started part by part", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-roles-"));
  const data = join(folder, "data");

  after(async () => {
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has the chain in one process and the services in another one, on one data folder", async () => {
    const chain = launchPlatform({ data, role: "chain" });
    const { url, parts, keys, rpc } = await untilReady(chain);
    expect(parts).to.deep.equal(["chain"]);
    expect(keys).to.include.keys("operator", "relay-1");
    expect(rpc).to.equal(undefined);

    const services = launchPlatform({ data, rpcUrl: url });
    const ready = await untilReady(services);
    expect(ready.parts).to.deep.equal(["access", "indexer", "push", "uplink", "api"]);
    expect((await fetch(`${ready.url}/readyz`)).status).to.equal(200);
    const answer = await fetch(ready.rpc as string, {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" }),
    });
    expect((await answer.json()).result).to.equal("0x20e4");

    // Each part is there once.
    const second = await refusedStart({ data, role: "indexer", rpcUrl: url });
    expect(second).to.include({ code: "data.locked", pid: services.child.pid });
    const wrong = await refusedStart({ data: join(folder, "other"), rpcUrl: url, chainId: "99" });
    expect(wrong).to.include({ code: "chain.wrong", chainId: 8420, expectedChainId: 99 });

    chain.signal("SIGTERM");
    expect((await chain.exit).code).to.equal(0);
    const unready = await fetch(`${ready.url}/readyz`);
    expect(unready.status).to.equal(503);
    expect((await unready.json()).checks.chain).to.contain("ECONNREFUSED");
    services.signal("SIGTERM");
    expect((await services.exit).code).to.equal(0);
  });

  it("needs a relay's key for an access node", async () => {
    const chain = launchPlatform({ data, role: "chain" });
    const { url } = await untilReady(chain);
    const keyless = join(folder, "keyless");
    const error = await refusedStart({ data: keyless, role: "access", rpcUrl: url });
    expect(error.code).to.equal("key.not-found");
    expect(error.detail).to.contain("BROP_RELAY_KEYS").and.to.contain(join(keyless, "keys"));
    chain.signal("SIGINT");
    expect((await chain.exit).code).to.equal(0);
  });
});
