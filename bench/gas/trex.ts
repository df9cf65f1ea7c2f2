import { createRequire } from "node:module";
import { AbiCoder, Contract, ContractFactory, getBytes, id, keccak256, Wallet } from "ethers";
import type { BenchNetwork } from "../support/network.ts";

const FREE = { gasPrice: 0, type: 0 };
const FOLDER = "@tokenysolutions/t-rex/artifacts";
const TOPIC = id("CLAIM_TOPIC");
const ECDSA_KEY = 1;
const CLAIM_PURPOSE = 3;
const COUNTRY = 156;
const require = createRequire(import.meta.url);

/**
 * A T-REX token (ERC-3643) with one claim topic, one trusted issuer and no compliance module, set up as its own tests
 * do it, with two holders. Identities stand for themselves, not behind proxies: the cheaper case for T-REX.
 */
export async function deployTrex({ operator, provider }: BenchNetwork) {
  const create = async (path: string, ...values: unknown[]) => {
    const { abi, bytecode } = require(`${FOLDER}/${path}.json`) as { abi: []; bytecode: string };
    const options = { ...FREE, gasLimit: 16_700_000 };
    const contract = await new ContractFactory(abi, bytecode, operator).deploy(...values, options);
    await contract.waitForDeployment();
    return new Contract(await contract.getAddress(), abi, operator);
  };
  const at = (path: string, address: string, runner = operator) => {
    const { abi } = require(`${FOLDER}/${path}.json`) as { abi: [] };
    return new Contract(address, abi, runner);
  };
  const implementation = (folder: string, name: string) => create(`contracts/${folder}/${name}.sol/${name}`);
  const send = async (contract: Contract, name: string, ...values: unknown[]) =>
    (await contract.getFunction(name)(...values, { ...FREE, gasLimit: 3_000_000 })).wait();

  const registry = "registry/implementation";
  const token = await implementation("token", "Token");
  const topics = await implementation(registry, "ClaimTopicsRegistry");
  const identities = await implementation(registry, "IdentityRegistry");
  const storage = await implementation(registry, "IdentityRegistryStorage");
  const issuers = await implementation(registry, "TrustedIssuersRegistry");
  const compliance = await implementation("compliance/modular", "ModularCompliance");
  const authorityPath = "contracts/proxy/authority/TREXImplementationAuthority.sol/TREXImplementationAuthority";
  const authority = await create(authorityPath, true, ZERO, ZERO);
  const version = { major: 4, minor: 0, patch: 0 };
  const implementations = {
    tokenImplementation: token.target,
    ctrImplementation: topics.target,
    irImplementation: identities.target,
    irsImplementation: storage.target,
    tirImplementation: issuers.target,
    mcImplementation: compliance.target,
  };
  await send(authority, "addAndUseTREXVersion", version, implementations);

  const proxy = (name: string, ...values: unknown[]) => create(`contracts/proxy/${name}.sol/${name}`, ...values);
  const topicsProxy = await proxy("ClaimTopicsRegistryProxy", authority.target);
  const issuersProxy = await proxy("TrustedIssuersRegistryProxy", authority.target);
  const storageProxy = await proxy("IdentityRegistryStorageProxy", authority.target);
  const registryInputs = [authority.target, issuersProxy.target, topicsProxy.target, storageProxy.target];
  const registryProxy = await proxy("IdentityRegistryProxy", ...registryInputs);
  const complianceProxy = await proxy("ModularComplianceProxy", authority.target);
  const tokenInputs = [authority.target, registryProxy.target, complianceProxy.target, "Bench", "BENCH", 0, ZERO];
  const tokenProxy = await proxy("TokenProxy", ...tokenInputs);

  const interfaceOf = (folder: string, name: string, contract: Contract) =>
    at(`contracts/${folder}/${name}.sol/${name}`, contract.target as string);
  const theToken = interfaceOf("token", "Token", tokenProxy);
  const theRegistry = interfaceOf(registry, "IdentityRegistry", registryProxy);
  await send(interfaceOf(registry, "IdentityRegistryStorage", storageProxy), "bindIdentityRegistry", registryProxy);
  await send(interfaceOf(registry, "ClaimTopicsRegistry", topicsProxy), "addClaimTopic", TOPIC);
  await send(theRegistry, "addAgent", operator.address);
  await send(theRegistry, "addAgent", theToken.target);
  await send(theToken, "addAgent", operator.address);

  const onchain = "@onchain-id/solidity/contracts";
  const issuer = await create(`${onchain}/ClaimIssuer.sol/ClaimIssuer`, operator.address);
  const signingKey = Wallet.createRandom();
  await send(issuer, "addKey", keyOf(signingKey.address), CLAIM_PURPOSE, ECDSA_KEY);
  await send(interfaceOf(registry, "TrustedIssuersRegistry", issuersProxy), "addTrustedIssuer", issuer, [TOPIC]);

  const holders: Wallet[] = [];
  for (let i = 0; i < 2; i++) {
    const holder = new Wallet(Wallet.createRandom().privateKey, provider);
    const own = await create(`${onchain}/Identity.sol/Identity`, holder.address, false);
    const data = id("verified");
    const claim = AbiCoder.defaultAbiCoder().encode(["address", "uint256", "bytes"], [own.target, TOPIC, data]);
    const signature = await signingKey.signMessage(getBytes(keccak256(claim)));
    const mine = at(`${onchain}/Identity.sol/Identity`, own.target as string, holder);
    await send(mine, "addClaim", TOPIC, ECDSA_KEY, issuer, signature, data, "");
    await send(theRegistry, "registerIdentity", holder.address, own.target, COUNTRY);
    await send(theToken, "mint", holder.address, 1_000);
    holders.push(holder);
  }
  await send(theToken, "unpause");
  return { token: theToken, holders };
}

const ZERO = "0x0000000000000000000000000000000000000000";
const keyOf = (address: string) => keccak256(AbiCoder.defaultAbiCoder().encode(["address"], [address]));
