import { expect } from "chai";
import { type ContractTransactionReceipt, type ContractTransactionResponse, Interface, type Log } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { plain } from "./errors.ts";

/** An event as tests compare it. */
export interface ContractEvent {
  address: string;
  name: string;
  args: unknown[];
}

const interfaces = Object.values(abi).map((contract) => new Interface(contract));

/** Reads the events of a receipt that belong to the platform's contracts. */
export function readEvents(logs: readonly Log[]): ContractEvent[] {
  return logs.flatMap((log) => {
    for (const contract of interfaces) {
      const parsed = contract.parseLog(log);
      if (parsed) return [{ address: log.address, name: parsed.name, args: plain([...parsed.args]) }];
    }
    return [];
  });
}

/** Expects one of the events to be this one, values included. */
export function expectEvent(events: readonly ContractEvent[], name: string, args: unknown[]): void {
  const found = events.filter((event) => event.name === name);
  expect(found.length, `events: ${events.map((event) => event.name)}`).to.be.greaterThan(0);
  const wanted = plain(args);
  if (found.length === 1) expect(found[0]?.args).to.deep.equal(wanted);
  else expect(found.map((event) => event.args)).to.deep.include(wanted);
}

/** Waits for a direct transaction and reads its events. */
export async function eventsOf(response: Promise<ContractTransactionResponse>): Promise<ContractEvent[]> {
  const receipt = (await (await response).wait()) as ContractTransactionReceipt;
  return readEvents(receipt.logs);
}
