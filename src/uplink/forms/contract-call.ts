import type { FunctionFragment, Interface } from "ethers";
import { BropError } from "../../core/errors.ts";
import type { Call } from "../../core/execution.ts";
import { isHexBytes } from "../../core/hex.ts";
import type { ContractBook } from "./contract-book.ts";

/** A call by contract and function, or as bytes. */
export interface CallRequest {
  to?: string | undefined;
  data?: string | undefined;
  contract?: string | undefined;
  function?: string | undefined;
  arguments?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
}

/**
 * The calls of a general operation.
 * @throws BropError `request.invalid` naming the call and its field
 */
export async function callsOf(book: ContractBook, requests: readonly CallRequest[]): Promise<Call[]> {
  return Promise.all(requests.map((request, index) => callOf(book, request, `calls/${index}`)));
}

async function callOf(book: ContractBook, request: CallRequest, place: string): Promise<Call> {
  const { to, data, contract, function: name, arguments: values = [] } = request;
  const named = contract !== undefined && name !== undefined && to === undefined && data === undefined;
  const plain = to !== undefined && data !== undefined && contract === undefined && name === undefined;
  if (!named && !plain) throw invalid(place, "must have `contract`, `function` and `arguments`, or `to` and `data`");
  if (plain) {
    if (!isHexBytes(to, 20)) throw invalid(`${place}/to`, "must be an address");
    if (!isHexBytes(data)) throw invalid(`${place}/data`, "must be bytes in hexadecimal with 0x in front");
    return { target: to, data };
  }
  const { address, interface: abi } = await book.find(contract as string, `${place}/contract`);
  return { target: address, data: encode(abi, name as string, values, place) };
}

/**
 * Call data of a function with arguments in their order or by their names.
 * @throws BropError `request.invalid`
 */
export function encode(abi: Interface, name: string, values: CallRequest["arguments"], place: string): string {
  const fragment = functionOf(abi, name, `${place}/function`);
  const list = Array.isArray(values) ? values : inOrder(fragment, values as Record<string, unknown>, place);
  try {
    return abi.encodeFunctionData(fragment, list);
  } catch (error) {
    const { shortMessage, argument } = error as { shortMessage?: string; argument?: string };
    const reason = `do not fit ${fragment.format()}: ${shortMessage ?? (error as Error).message}`;
    throw invalid(`${place}/arguments`, reason.slice(0, 500), argument === undefined ? {} : { argument });
  }
}

function functionOf(abi: Interface, name: string, place: string): FunctionFragment {
  let found: FunctionFragment | null = null;
  try {
    found = abi.getFunction(name);
  } catch {
    throw invalid(place, "there are several of this name: write it with its types, as `name(address,uint256)`");
  }
  if (found === null) throw invalid(place, "the contract has no such function", { value: name });
  if (found.constant) throw invalid(place, "changes nothing: ask for it by eth_call", { value: name });
  return found;
}

function inOrder({ inputs }: FunctionFragment, values: Record<string, unknown>, place: string): unknown[] {
  const names = inputs.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`${place}/arguments`, `there is no argument ${unknown}`, { known: names });
  return names.map((name) => {
    if (!Object.hasOwn(values, name)) throw invalid(`${place}/arguments`, `${name} is missing`);
    return values[name];
  });
}

function invalid(field: string, reason: string, details: Record<string, unknown> = {}): BropError {
  return new BropError("request.invalid", { field, reason, ...details });
}
