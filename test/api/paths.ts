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
  "/v1/documents",
  "/v1/vouchers",
  `/v1/vouchers/${VOUCHER}/holders`,
  `/v1/vouchers/${VOUCHER}/transfers`,
  "/v1/voucher-applications",
  "/v1/operations",
  "/v1/blocks",
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
  "/v1/documents",
  "/v1/vouchers",
  `/v1/vouchers/${VOUCHER}`,
  `/v1/vouchers/${VOUCHER}/holders`,
  `/v1/vouchers/${VOUCHER}/transfers`,
  "/v1/voucher-applications",
];
