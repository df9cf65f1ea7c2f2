import { ENTRY_POINT } from "../../core/user-operation.ts";
import type { RpcMethod } from "../json-rpc.ts";

/** `eth_supportedEntryPoints` (ERC-7769): there is one. */
export const supportedEntryPoints: RpcMethod = () => [ENTRY_POINT];
