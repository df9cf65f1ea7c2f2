import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";
import { deploy } from "../../scripts/deployment/deploy.ts";
import { scriptKey } from "../../scripts/deployment/script-keys.ts";
import { type DevChain, startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { readConfig } from "../../src/config.ts";
import { type FakeWeb3Signer, startFakeWeb3Signer } from "../chain/signing/fake-web3-signer.ts";
import { rejection } from "../support/rejection.ts";

const CHAIN_ID = 8420;
const KEY = `0x${"42".repeat(32)}`;
const { address } = new Wallet(KEY);

describe("Keys of the deployment scripts", function () {
  this.timeout(60_000);
  let web3Signer: FakeWeb3Signer;
  let chain: DevChain;
  let provider: JsonRpcProvider;

  before(async () => {
    web3Signer = await startFakeWeb3Signer({ privateKeys: [KEY] });
    const seats = [Wallet.createRandom().address];
    const genesis = await genesisAllocation({ chainId: CHAIN_ID, operator: address, seats, relays: [] });
    chain = await startDevChain({ genesis, blockTime: 1, chainId: CHAIN_ID });
    provider = new JsonRpcProvider(chain.url, CHAIN_ID, { staticNetwork: true, pollingInterval: 50, cacheTimeout: -1 });
  });
  after(async () => {
    provider?.destroy();
    await chain?.stop();
    await web3Signer?.stop();
  });

  it("deploy a whole platform from Web3Signer, named by an address alone", async () => {
    const settings = readConfig({}, { BROP_OPERATOR_KEY: address, BROP_WEB3SIGNER: web3Signer.url });
    const operator = await scriptKey("operatorKey", provider, settings);
    if (operator === undefined) throw new Error("no signer");
    const { addresses, deployed } = await deploy(operator);
    operator.close();
    expect(deployed.length).to.be.greaterThan(10);
    expect(await provider.getCode(addresses.Records as string)).not.to.equal("0x");
    expect(web3Signer.signed).to.have.length(await provider.getTransactionCount(address));
  });

  it("are none where no setting names one, and are refused where Web3Signer is not named", async () => {
    expect(await scriptKey("seatKey", provider, readConfig({}, {}))).to.equal(undefined);
    const error = await rejection(scriptKey("operatorKey", provider, readConfig({}, { BROP_OPERATOR_KEY: address })));
    expect(error?.code).to.equal("configuration.invalid");
  });
});
