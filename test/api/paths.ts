import { digest } from "../indexer/fake-chain.ts";
import { recordIdOf } from "../indexer/platform-events.ts";
import { FARM, OBJECT, RECORD, SHOP, USER, VOUCHER } from "../indexer/story.ts";

/** Every list of the query interface, with the story's parties in its place. */
export const LISTS = [
  "/v1/records",
  "/v1/objects",
  `/v1/objects/${OBJECT}/timeline`,
  "/v1/accounts",
  `/v1/accounts/${FARM}/records`,
  `/v1/accounts/${USER}/vouchers`,
  `/v1/accounts/${USER}/certifications?history=true`,
  "/v1/certifications",
  "/v1/certifications?history=true",
  "/v1/partners",
  "/v1/recognitions",
  "/v1/documents",
  "/v1/vouchers",
  `/v1/vouchers/${VOUCHER}/holders`,
  `/v1/vouchers/${VOUCHER}/transfers`,
  "/v1/voucher-applications",
  "/v1/operations",
  "/v1/blocks",
  ...states(),
];

/** Every question that can be asked as of a block. */
export const ABOUT_THE_PAST = [
  "/v1/contracts",
  "/v1/records",
  `/v1/records/${recordIdOf(RECORD)}`,
  "/v1/objects",
  `/v1/objects/${OBJECT}`,
  `/v1/objects/${OBJECT}/timeline`,
  `/v1/accounts/${FARM}`,
  `/v1/accounts/${SHOP}`,
  `/v1/accounts/${USER}`,
  `/v1/accounts/${USER}/certifications`,
  `/v1/accounts/${USER}/certifications?history=true`,
  `/v1/accounts/${FARM}/records`,
  `/v1/accounts/${USER}/vouchers`,
  "/v1/certifications",
  "/v1/certifications?history=true",
  "/v1/partners",
  `/v1/partners/${FARM}`,
  `/v1/partners/${SHOP}`,
  "/v1/recognitions",
  "/v1/validators",
  "/v1/documents",
  "/v1/vouchers",
  `/v1/vouchers/${VOUCHER}`,
  `/v1/vouchers/${VOUCHER}/holders`,
  `/v1/vouchers/${VOUCHER}/transfers`,
  `/v1/vouchers/${VOUCHER}/flows`,
  "/v1/voucher-applications",
  ...states(),
  `/v1/agreements/${digest("agreement")}`,
  `/v1/batches/${digest("batch")}`,
  "/v1/timestamp-authorities/1",
  "/v1/key-resets/1",
  "/v1/orders/3",
  "/v1/redemptions/2",
  `/v1/custody-proofs/${digest("declared")}`,
];

function states(): string[] {
  return [
    "/v1/agreements",
    "/v1/agreements?status=effective",
    "/v1/batches",
    "/v1/hosted-files",
    "/v1/timestamp-authorities",
    "/v1/timestamp-tokens",
    "/v1/names",
    "/v1/names?prefix=gr",
    "/v1/key-resets",
    `/v1/key-resets?account=${USER}`,
    "/v1/orders",
    "/v1/orders?status=withdrawn",
    "/v1/redemptions",
    "/v1/custody-proofs",
  ];
}
