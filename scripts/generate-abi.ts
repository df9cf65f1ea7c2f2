/**
 * Writes `generated/abi.ts`: the interfaces of all contracts, for services, SDK and site. Part of the build.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import type { Artifact } from "../src/chain/artifacts.node.ts";
import { readAccessManager, readArtifact, readEntryPointArtifact } from "../src/chain/artifacts.node.ts";

const CONTRACTS = [
  "governance/Directory",
  "governance/Council",
  "governance/Admission",
  "governance/ValidatorSet",
  "governance/LegalDocuments",
  "governance/Orders",
  "quota/Quota",
  "identity/Partners",
  "identity/Certifications",
  "identity/KeyResets",
  "identity/AccountNames",
  "account/AccountFactory",
  "account/Account",
  "account/WeightedSigners",
  "evidence/Records",
  "evidence/BatchAnchors",
  "evidence/Agreements",
  "evidence/HostedFiles",
  "evidence/TimestampAuthorities",
  "voucher/VoucherFactory",
  "voucher/CustodyProofs",
  "voucher/Voucher",
  "voucher/Redemptions",
  "voucher/Settlements",
];

const artifacts: Artifact[] = [
  ...CONTRACTS.map(readArtifact),
  readAccessManager(),
  readEntryPointArtifact("EntryPoint"),
];
const entries = artifacts.map(({ contractName, abi }) => `  ${contractName}: ${JSON.stringify(abi)},`);
const text = `// Made by scripts/generate-abi.ts from the compiled contracts.\nexport const abi = {\n${entries.join("\n")}\n} as const;\n`;
mkdirSync("generated", { recursive: true });
writeFileSync("generated/abi.ts", text);
