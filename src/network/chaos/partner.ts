import { NonceManager, Wallet } from "ethers";
import { KeyStore } from "../../chain/key-store.node.ts";
import { digestBytes } from "../../core/digest.ts";
import type { TrustDescription } from "../../core/qbft/trust.ts";
import { ENTRY_POINT } from "../../core/user-operation.ts";
import { type Brop, connect, createRecordInput, establishPartner, userOperationHash } from "../../sdk/index.ts";
import type { Sender } from "./load.ts";

/** A quarter of an hour is more than a run needs. */
const CERTIFIED_MS = 24 * 3_600_000;
/** Two minutes of blocks: what is not included by then is told to have expired. */
const DEADLINE_BLOCKS = 40;

/** A partner of the network under test, through its access node alone. */
export interface ChaosPartner {
  sender: Sender;
  brop: Brop;
}

/**
 * Connects to an access node that is not trusted: "included" and "expired" are then what the validators' seals prove. With
 * the operator's key a partner is brought in, with a key of its own that nobody keeps.
 *
 * @param url the platform's address
 * @param keys folder with the operator's key
 * @param trust the network's genesis file
 * @throws BropError `key.not-found` where the operator's key is not here
 */
export async function chaosPartner(
  url: string,
  keys: string,
  trust: TrustDescription,
  password: string | undefined,
): Promise<ChaosPartner> {
  const operatorKey = await new KeyStore(keys).wallet("operator", password === undefined ? {} : { password });
  const brop = await connect(url, { trust });
  try {
    const owner = new Wallet(Wallet.createRandom().privateKey);
    const digest = digestBytes(new TextEncoder().encode(owner.address));
    const account = await establishPartner(brop, new NonceManager(operatorKey.connect(brop.provider)), {
      ...{ owner, name: `Chaos ${owner.address.slice(2, 10)}`, permissions: ["evidence"], digest },
      expiresAt: new Date(Date.now() + CERTIFIED_MS),
      copy: { digest, location: "https://example.org/chaos" },
    });
    const to = brop.addresses.records;
    const { interface: records } = brop.contracts.records;
    const sender: Sender = {
      async sign(content) {
        const data = records.encodeFunctionData("record", [createRecordInput({ digest: content })]);
        const operation = await account.signCalls([{ to, data }], { deadlineBlocks: DEADLINE_BLOCKS });
        return {
          hash: userOperationHash(operation, ENTRY_POINT, brop.chainId),
          async send() {
            const response = await account.sendOperation(operation);
            return { included: async () => (await response.wait()).blockNumber };
          },
        };
      },
    };
    return { sender, brop };
  } catch (error) {
    brop.close();
    throw error;
  }
}
