import { parseUserOperation } from "../../core/user-operation.ts";
import { checkEntryPoint } from "../bundler/checks.ts";
import type { Intake } from "../bundler/intake.ts";
import type { RpcMethod } from "../json-rpc.ts";

/** `eth_sendUserOperation` (ERC-7769): answers with the operation's hash once it is stored. */
export function sendUserOperation(intake: Intake): RpcMethod {
  return ([operation, entryPoint]) => {
    checkEntryPoint(entryPoint);
    return intake.accept(parseUserOperation(operation));
  };
}
