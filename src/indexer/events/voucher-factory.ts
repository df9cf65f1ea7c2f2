import { AbiCoder, type Result } from "ethers";
import { shortText, text, topicAddress, topicNumber, word } from "../log.ts";
import type { ContractEvents } from "./contract-events.ts";

const APPLIED = 1;
const WITHDRAWN = 2;
const REFUSED = 3;
const CREATED = 4;
const APPLICATION =
  "(uint8 voucherType, uint8 decimals, uint8 holderLevel, uint128 cap, bytes32 termsDigest, bytes32 declarationDigest, bytes32 legalCategory, string name, string symbol, string product, string uri, uint32 redemptionBlocks, bool secondary, uint16 hands, uint32 holdingBlocks, uint32 periodBlocks, uint128 periodAmount)";

export const VOUCHER_CREATED =
  "event VoucherCreated(uint256 indexed id, address indexed issuer, address indexed voucher)";

/** VoucherFactory: partners apply, the operator creates. */
export const voucherFactory: ContractEvents = {
  [`event VoucherApplied(uint256 indexed id, address indexed issuer, ${APPLICATION} application)`]: (log, changes) => {
    // Rare, so decoded by the general decoder; texts as bytes, because it throws where they are no UTF-8.
    const [value] = AbiCoder.defaultAbiCoder().decode([`tuple${APPLICATION.replaceAll("string", "bytes")}`], log.data);
    const [type, decimals, level, cap, terms, declaration, category, name, symbol, product, uri] = value as Result;
    changes.set("voucher_applications", { id: topicNumber(log, 0) }, log, {
      issuer: topicAddress(log, 1),
      status: APPLIED,
      voucher_type: Number(type),
      decimals: Number(decimals),
      holder_level: Number(level),
      cap: String(cap),
      terms_digest: digits(terms),
      declaration_digest: digits(declaration),
      legal_category: shortText(digits(category)),
      name: text(digits(name)),
      symbol: text(digits(symbol)),
      product: text(digits(product)),
      uri: text(digits(uri)),
      ground: null,
      voucher: null,
      transaction_hash: log.transaction,
    });
  },

  "event VoucherWithdrawn(uint256 indexed id)": (log, changes) => {
    const change = { status: WITHDRAWN, transaction_hash: log.transaction };
    changes.patch("voucher_applications", { id: topicNumber(log, 0) }, log, change);
  },

  "event VoucherRefused(uint256 indexed id, bytes32 ground)": (log, changes) => {
    const change = { status: REFUSED, ground: word(log, 0), transaction_hash: log.transaction };
    changes.patch("voucher_applications", { id: topicNumber(log, 0) }, log, change);
  },

  [VOUCHER_CREATED]: (log, changes) => {
    const id = topicNumber(log, 0);
    const voucher = topicAddress(log, 2);
    changes.append("vouchers", {
      address: voucher,
      application: id,
      issuer: topicAddress(log, 1),
      transaction_hash: log.transaction,
      block_number: log.block,
      log_index: log.log,
    });
    const change = { status: CREATED, voucher, transaction_hash: log.transaction };
    changes.patch("voucher_applications", { id }, log, change);
  },
};

function digits(hex: unknown): string {
  return String(hex).slice(2).toLowerCase();
}
