import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import { address, digest, FakeChain } from "./fake-chain.ts";
import * as platform from "./platform-events.ts";
import { remainingState } from "./remaining-state.ts";

const { from, fromInstance } = platform;

export const OPERATOR = address(1);
export const FARM = address(11);
export const SHOP = address(12);
export const USER = address(13);
export const RELAY = address(14);
export const SEAT = address(15);
export const VOUCHER = address(201);
export const OBJECT = digest("batch 7");
export const RECORD = { data: "harvest report", owner: FARM, kind: 3, businessKey: digest("batch 7") };
export const REPLACEMENT = { data: "corrected report", owner: FARM };

/** A chain on which everything happens that the indexer knows: one event at least of each kind. */
export function tellStory(): FakeChain {
  const chain = new FakeChain();
  // The level table is set when Certifications is created, before Directory lists it.
  chain.mine([[from("Certifications", "LevelSet", 5, 50, 31)], [from("Certifications", "LevelSet", 6, 60, 31)]]);
  chain.mine(platform.deployment);
  chain.mine([
    [
      from("Quota", "ClassSet", 16, 1_000_000, 5_000, 500_000, 20),
      from("Quota", "PricesPublished", platform.CONTRACTS.Records, ["0x11223344", "0x55667788"], [500, 600]),
      from("Quota", "BytePricePublished", 2),
      from("Admission", "PeriodChanged", 1_200),
    ],
  ]);
  const agreement = encodeBytes32String("partner-agreement");
  chain.mine([
    [from("LegalDocuments", "DocumentPublished", agreement, 1, OPERATOR, digest("text"), "https://example.org/1")],
    [fromInstance(FARM, "Account", "SignerChanged", "0x", FARM), platform.accountCreated(FARM, 1)],
    [platform.accountCreated(SHOP, 2)],
    [platform.certified(FARM, OPERATOR, 5), platform.certified(SHOP, OPERATOR, 5)],
  ]);
  chain.mine([]);
  const signed = [digest("text"), digest("scan"), "https://example.org/scan", "0x1234"];
  chain.mine([
    [from("LegalDocuments", "DocumentSigned", agreement, 1, FARM, ...signed)],
    [from("Partners", "PartnerAdmitted", FARM, OPERATOR, 7, agreement, "绿野农场 Green Farm")],
    [from("Partners", "PartnerAdmitted", SHOP, OPERATOR, 2, agreement, "Corner Shop")],
    [from("Partners", "RecognitionChanged", SHOP, FARM, 5), from("Partners", "PermissionsChanged", SHOP, 6)],
    [from("Admission", "SenderAdmitted", RELAY, 3, platform.CONTRACTS.EntryPoint, 8, 10_000)],
    [from("Admission", "RelayRegistered", FARM, RELAY)],
  ]);
  chain.mine([
    [platform.accountCreated(USER, 3, FARM), platform.certified(USER, FARM, 5)],
    [from("Quota", "ClassAssigned", FARM, 16), from("Quota", "SponsorChanged", USER, FARM, 1_000_000)],
    [
      from("Records", "ObjectOpened", OBJECT, FARM, digest("key")),
      from("Records", "WriterChanged", OBJECT, SHOP, true),
    ],
  ]);
  chain.mine([
    [platform.recorded(RECORD), ...platform.operationIncluded(digest("op 1"), FARM, 7n << 64n)],
    platform.operationIncluded(digest("op 2"), USER, 8n, false),
    platform.linked(OBJECT, 0, "sown", FARM),
    platform.linked(OBJECT, 1, "harvested", SHOP, "sown"),
  ]);
  chain.mine([
    [platform.recorded(REPLACEMENT)],
    [
      from(
        "Records",
        "RecordSuperseded",
        platform.recordIdOf(RECORD),
        FARM,
        platform.recordIdOf(REPLACEMENT),
        digest("why"),
      ),
    ],
    [from("Certifications", "CertificationSuspended", USER, FARM, digest("order"))],
    [from("Certifications", "CertificationResumed", USER, FARM, digest("order lifted"))],
  ]);
  chain.mine([
    [
      platform.voucherApplied(1, FARM),
      platform.voucherApplied(2, FARM, "Second"),
      platform.voucherApplied(3, SHOP, "Third"),
    ],
    [from("VoucherFactory", "VoucherWithdrawn", 2), from("VoucherFactory", "VoucherRefused", 3, digest("no licence"))],
    [platform.voucherCreated(1, FARM, VOUCHER), ...platform.allocated(VOUCHER, FARM, USER, 500n, 500n)],
  ]);
  chain.mine([
    [platform.transferred(VOUCHER, USER, SHOP, 200n), platform.transferred(VOUCHER, SHOP, USER, 50n)],
    [fromInstance(VOUCHER, "Voucher", "TransferBatch", USER, USER, SHOP, [0n, 9n], [25n, 0n])],
    [
      from(
        "Records",
        "RecordRevoked",
        platform.recordIdOf({ data: "harvested", owner: SHOP, subject: OBJECT }),
        SHOP,
        digest("mistake"),
      ),
    ],
    [from("Records", "WriterChanged", OBJECT, SHOP, false), fromInstance(USER, "Account", "SignerChanged", USER, SEAT)],
  ]);
  chain.mine([
    [from("Council", "SeatAdded", SEAT), from("Council", "TermsChanged", 20, 400)],
    [from("Council", "Proposed", 1, SEAT, [{ target: OPERATOR, data: "0x1234" }], digest("reason"))],
    [from("Council", "Voted", 1, SEAT, 1, 1), from("Council", "Agreed", 1, 40, 440)],
    [from("Council", "Proposed", 2, SEAT, [], digest("other reason")), from("Council", "Cancelled", 2)],
    [
      from("Certifications", "CertificationRevoked", SHOP, OPERATOR, digest("end")),
      from("Certifications", "CertificationOrderLifted", SHOP, OPERATOR, digest("end lifted")),
      platform.certified(USER, FARM, 6, 1),
    ],
  ]);
  chain.mine([
    [from("Council", "Executed", 1), from("Council", "SeatRemoved", SEAT)],
    [from("Admission", "SenderRemoved", RELAY, ZeroHash), from("Quota", "SponsorChanged", USER, ZeroAddress, 0)],
    [
      from("Partners", "PartnerSuspended", SHOP, digest("order 1")),
      from("Partners", "PartnerReinstated", SHOP, digest("order 2")),
    ],
    [
      from("Partners", "PartnerTerminated", SHOP, digest("order 3")),
      from("Partners", "RecognitionChanged", SHOP, FARM, 0),
    ],
    [fromInstance(VOUCHER, "Voucher", "TransferSingle", SHOP, SHOP, ZeroAddress, 0n, 75n)],
  ]);
  for (const transactions of remainingState) chain.mine(transactions);
  chain.mine([]);
  return chain;
}
