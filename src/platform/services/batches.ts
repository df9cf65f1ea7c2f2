import type { RpcClient } from "../../chain/rpc-client.ts";
import type { TransactionSigner } from "../../chain/signing/transaction-signer.ts";
import { operationTypedData } from "../../core/operation-typed-data.ts";
import { installNativePairHasher } from "../../core/sha256-pairs.node.ts";
import type { Database } from "../../store/database.ts";
import { countBatchRecords } from "../../store/queries/batch/sealed.ts";
import { currentSigner } from "../../store/queries/uplink/signers.ts";
import { anchorOperations } from "../../uplink/batch/anchor-operations.ts";
import { Batcher } from "../../uplink/batch/batcher.ts";
import { ContractBook } from "../../uplink/forms/contract-book.ts";
import type { SignFor } from "../../uplink/sign-for.ts";
import { type Plan, Submissions } from "../../uplink/submissions.ts";
import type { Measurement } from "../metrics.ts";
import { anchorSigners } from "../signers.ts";
import type { ServicesOptions } from "./options.ts";

/**
 * Starts to bring records into batches, and batches onto the chain.
 * @param onMade told when there are operations to send
 * @throws BropError as the signers do
 */
export async function startBatcher(
  { config, db, rpc, logger, cleanup }: ServicesOptions,
  onMade: () => void,
): Promise<Batcher<Plan>> {
  await installNativePairHasher();
  const signers = await anchorSigners(config);
  cleanup.add(async () => {
    for (const signer of signers) signer.close();
  });
  const batcher = new Batcher({
    operations: operationsOf(db, rpc, config.chainId, signers),
    ...{ db, interval: config.batchBlocks, onMade, logger: logger.child({ part: "batches" }) },
  });
  batcher.start();
  cleanup.add(() => batcher.stop());
  return batcher;
}

function operationsOf(db: Database, rpc: RpcClient, chainId: number, signers: readonly TransactionSigner[]) {
  const submissions = new Submissions({ db, rpc, chainId });
  return anchorOperations(submissions, new ContractBook(db, rpc), signWith(db, chainId, signers));
}

/** Signs with the key that is the account's signer now, if it is one of these. */
export function signWith(db: Database, chainId: number, signers: readonly TransactionSigner[]): SignFor {
  const byAddress = new Map(signers.map((signer) => [signer.address.toLowerCase(), signer]));
  return async (operation) => {
    const address = await currentSigner(db, operation.sender);
    const signer = address === undefined ? undefined : byAddress.get(address);
    if (signer === undefined) return undefined;
    const { domain, types, message } = operationTypedData(operation, chainId);
    const { EIP712Domain: _, ...named } = types as Record<string, { name: string; type: string }[]>;
    return signer.signTypedData(domain, named, message);
  };
}

/** Records that were handed over to be anchored together, by where they stand. */
export function batchMeasurements(db: Database): Measurement[] {
  return [
    {
      name: "brop_batch_records",
      help: "Records that were handed over to be anchored together, by state",
      label: "state",
      read: () => countBatchRecords(db),
    },
  ];
}
