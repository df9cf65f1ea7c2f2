import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { configVariable, defineConfig } from "hardhat/config";

// The compiler is the npm package `solc` (WebAssembly), named by path: nothing is downloaded at build time.
const compiler = {
  version: "0.8.37",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    evmVersion: "osaka",
    optimizer: { enabled: true, runs: 20_000 },
    viaIR: true,
    metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

// Vouchers have the most code: optimised for calls as the others are, it would not fit into a contract (EIP-170).
const compact = { ...compiler, settings: { ...compiler.settings, optimizer: { enabled: true, runs: 200 } } };
const profile = { compilers: [compiler], overrides: { "contracts/voucher/Voucher.sol": compact } };

// Any JSON-RPC network: BROP_RPC_URL names it. The scripts open the keys that they need (scripts/deployment/script-keys.ts).
const remote = {
  type: "http" as const,
  chainType: "l1" as const,
  url: configVariable("BROP_RPC_URL"),
  gasPrice: 0,
};

export default defineConfig({
  plugins: [hardhatEthers, hardhatChaiMatchers, hardhatMocha, hardhatNetworkHelpers, hardhatTypechain],
  solidity: {
    profiles: { default: profile, production: profile },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913RSAVerifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol",
    ],
  },
  paths: { sources: "./contracts", tests: { mocha: "./test/contracts", solidity: "./test/contracts" } },
  typechain: { outDir: "./generated/contracts" },
  networks: {
    // Hardhat's in-process node. The huge block gas limit keeps blocks under half full: a fuller one would lift
    // the base fee from 0 to 1 wei for good, and zero-fee transactions would stick.
    default: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 8420,
      hardfork: "osaka",
      initialBaseFeePerGas: 0,
      gasPrice: 0,
      blockGasLimit: 2_000_000_000n,
      allowUnlimitedContractSize: true,
    },
    development: remote,
    besu: remote,
  },
});
