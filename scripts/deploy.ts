/**
 * Deploys the platform's contracts with the operator's key, lists them in Directory and publishes first prices:
 * `npm run deploy -- --network besu`, with BROP_RPC_URL and BROP_OPERATOR_KEY set: the key itself, its address
 * at Web3Signer (BROP_WEB3SIGNER), or its pkcs11: address. Run again it changes nothing.
 */
import { network } from "hardhat";
import { deploy } from "./deployment/deploy.ts";
import { scriptKey } from "./deployment/script-keys.ts";

const { ethers } = await network.create();
const operator = await scriptKey("operatorKey", ethers.provider);
if (operator === undefined) throw new Error("No operator key: set BROP_OPERATOR_KEY");

const { addresses, deployed } = await deploy(operator, (what) => console.log(what));
operator.close();
if (deployed.length === 0) console.log("Everything is deployed already; nothing was changed.");
else console.table(addresses);
