import { readFileSync } from "node:fs";
import { createConfig } from "ponder";
import { type Abi, http } from "viem";

const { url, lastBlock, contracts } = JSON.parse(readFileSync("chain.json", "utf8")) as {
  url: string;
  lastBlock: number;
  contracts: Record<string, { address: `0x${string}`; abi: Abi }>;
};
const at = (name: string) => ({
  network: "brop" as const,
  abi: contracts[name]?.abi as Abi,
  address: contracts[name]?.address as `0x${string}`,
  startBlock: 0,
  endBlock: lastBlock,
});

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL as string },
  networks: {
    brop: { chainId: 8420, transport: http(url, { maxResponseBodySize: false }), maxRequestsPerSecond: 100_000 },
  },
  contracts: { Records: at("Records"), Voucher: at("Voucher"), Quota: at("Quota"), EntryPoint: at("EntryPoint") },
});
