import type { Contract, Provider } from "ethers";
import type { abi } from "../../generated/abi.ts";
import type { NodeRpc } from "../chain/rpc-client.ts";

export type ContractName = keyof typeof abi;

/** Whose key signs. */
export type Signatory = "operator" | "seat";

/** One transaction of an act. */
export interface Step {
  /** For people. */
  what: string;
  by: Signatory;
  to: string;
  data: string;
  /** By default what the node estimates, and half as much again. */
  gasLimit?: number;
}

/** The chain as acts look at it. */
export interface ActContext {
  rpc: NodeRpc;
  /** For contracts of ethers. */
  provider: Provider;
  /** Address of the operator's key. */
  operator: string;
  /** Address of a seat's key, where there is one. */
  seat: string | undefined;
  /**
   * A contract by its name in Directory.
   * @throws BropError `service.unavailable` while it is not deployed
   */
  contract(name: ContractName): Promise<Contract>;
}

/** A log of an included transaction. */
export interface ActLog {
  address: string;
  topics: string[];
  data: string;
}

/** Something that the operator can be asked to do. */
export interface ActKind<Input = never> {
  /** Dotted words, for example `partner.suspend`. */
  readonly name: string;
  /**
   * What is to be sent now; nothing: it is all done. Asked anew after each step, so that it goes on rightly after every
   * interruption.
   *
   * @param included transactions of the act that have succeeded so far
   * @throws BropError what stands against it
   */
  steps(input: Input, at: ActContext, included: number): Promise<Step[]>;
  /** Whether steps are sent without a wait for those before; only the first is tried out beforehand. */
  readonly atOnce?: boolean;
  /** What came of it, for who asked. */
  result?(input: Input, at: ActContext, logs: readonly ActLog[]): Promise<Record<string, unknown>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of acts with inputs of their own
export type AnyActKind = ActKind<any>;
