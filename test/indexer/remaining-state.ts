import { ZeroAddress, ZeroHash } from "ethers";
import { address, digest, type FakeEvent } from "./fake-chain.ts";
import { from, fromInstance } from "./platform-events.ts";

const [operator, farm, shop, user] = [address(1), address(11), address(12), address(13)];
const [voucher, other, node, newNode] = [address(201), address(202), address(301), address(302)];
const [agreement, lapsed, batch, proof, declared] = ["agreement", "other", "batch", "proof", "declared"].map(
  digest,
) as [string, string, string, string, string];
const tree = [digest("root of sums"), 1_000n, 3];

/** Blocks in which what the tables of migration 0013 keep happens, changes and ends. */
export const remainingState: FakeEvent[][][] = [
  [
    [
      from("AccountNames", "NameSet", user, farm, digest("look"), digest("letters"), 1, "王芳", 1, 90, "0x1234"),
      from("AccountNames", "NameSet", farm, operator, digest("look 2"), digest("letters 2"), 2, "Green", 2, 90, "0x"),
    ],
    [from("KeyResets", "KeyResetOpened", 1, user, farm, operator, digest("application"), digest("check"))],
    [from("KeyResets", "KeyResetOpened", 2, shop, farm, "0x12345678", digest("a2"), digest("c2"))],
    [from("KeyResets", "WaitingBlocksSet", 50), from("KeyResets", "MinimumAgeSet", 5)],
    [from("KeyResets", "KeyResetEndorsed", 1, user, shop), from("KeyResets", "KeyResetStarted", 1, user, 60, 100)],
    [fromInstance(user, "Account", "TransfersHeld", 60)],
  ],
  [
    [from("KeyResets", "KeyResetCompleted", 1, user, operator), fromInstance(user, "Account", "TransfersReleased")],
    [from("KeyResets", "KeyResetObjected", 2, shop, shop, digest("not me"))],
    [from("AccountNames", "NameReleased", farm, farm, digest("look 2"), digest("letters 2"), ZeroHash, 500)],
    [fromInstance(address(999), "Account", "TransfersHeld", 60)],
  ],
  [
    [from("Agreements", "AgreementProposed", agreement, farm, digest("text"), 0x12, 90, ZeroHash, [farm, shop])],
    [from("Agreements", "AgreementProposed", lapsed, shop, digest("text 2"), 0x12, 90, ZeroHash, [shop])],
    [from("Agreements", "AgreementConfirmed", agreement, farm, 1n)],
    [from("Agreements", "ConfirmationWithdrawn", agreement, farm, 0n)],
    [from("BatchAnchors", "Anchored", batch, farm, digest("root"), 1_000, ZeroAddress)],
    [from("HostedFiles", "FileRegistered", digest("file"), farm, digest("place"), 5_000, 1_900_000_000, ZeroAddress)],
    [
      from(
        "TimestampAuthorities",
        "AuthorityRegistered",
        1,
        digest("certificate"),
        1,
        2_000_000_000,
        "1.2.3",
        "https://a",
      ),
    ],
  ],
  [
    [from("Agreements", "AgreementConfirmed", agreement, farm, 1n)],
    [
      from("Agreements", "AgreementConfirmed", agreement, shop, 3n),
      from("Agreements", "AgreementEffective", agreement, digest("text")),
      from("Agreements", "AgreementCancelled", lapsed),
    ],
    [from("BatchAnchors", "LeafRevoked", batch, 7, farm, digest("wrong"))],
    [from("HostedFiles", "FileExtended", digest("file"), farm, 1_900_000_000, 1_950_000_000)],
    [
      from("TimestampAuthorities", "TokenAttached", batch, 1, farm, 2, digest("token"), 1_800_000_100),
      from("TimestampAuthorities", "BlockHashKept", 5, digest("block 5")),
      from("TimestampAuthorities", "AuthorityRetired", 1, digest("over")),
    ],
    [from("HostedFiles", "FileEnded", digest("file"), farm, 1_800_000_200)],
  ],
  [
    [
      from(
        "Orders",
        "OrderFiled",
        1,
        operator,
        farm,
        operator,
        farm,
        digest("call"),
        digest("order"),
        90,
        "https://o/1",
      ),
      from("Orders", "OrderFiled", 2, operator, ZeroAddress, shop, ZeroAddress, ZeroHash, digest("order 2"), 90, ""),
      from("Orders", "OrderFiled", 3, operator, shop, shop, ZeroAddress, ZeroHash, digest("order 3"), 90, ""),
    ],
    [from("Orders", "OrderExecuted", 1, operator), from("Orders", "OrderReported", 2, shop, digest("report"))],
    [from("Orders", "OrderWithdrawn", 3, digest("mistaken"))],
    [
      from("ValidatorSet", "ValidatorsChanged", 1, node, ZeroAddress, operator, digest("set"), [node]),
      from("ValidatorSet", "ValidatorsChanged", 2, newNode, node, operator, digest("set 2"), [newNode]),
    ],
    [
      from("AccessManager", "RoleLabel", 1, "operator"),
      from("AccessManager", "RoleAdminChanged", 1, 0),
      from("AccessManager", "RoleGuardianChanged", 1, 2n ** 64n - 1n),
      from("AccessManager", "RoleGrantDelayChanged", 1, 60, 1_800_000_000),
      from("AccessManager", "RoleGranted", 1, operator, 0, 1_800_000_000, true),
      from("AccessManager", "RoleGranted", 3, shop, 0, 1_800_000_000, true),
      from("AccessManager", "RoleRevoked", 3, shop),
    ],
    [
      from("AccessManager", "TargetFunctionRoleUpdated", farm, "0x11223344", 1),
      from("AccessManager", "TargetClosed", farm, true),
      from("AccessManager", "TargetAdminDelayUpdated", farm, 60, 1_800_000_000),
      from("AccessManager", "OperationScheduled", digest("later"), 1, 1_800_000_500, operator, farm, "0x11223344"),
      from("AccessManager", "OperationScheduled", digest("never"), 1, 1_800_000_500, operator, farm, "0x11223344"),
    ],
    [from("AccessManager", "OperationExecuted", digest("later"), 1)],
    [from("AccessManager", "OperationCanceled", digest("never"), 1)],
  ],
  [
    [from("Council", "PauseVoted", operator, 1, digest("alarm")), from("Council", "PauseStarted", 30, 60)],
    [from("Council", "PauseEnded", 31), from("Quota", "SponsoringBarred", shop, true)],
    [
      from("Directory", "ContractCreated", other, digest("salt"), digest("code")),
      from("Directory", "InstanceRegistered", farm, other),
      from("Records", "Upgraded", address(401)),
      from("Records", "Upgraded", address(402)),
    ],
  ],
  [
    [
      fromInstance(voucher, "Voucher", "CapChanged", 5_000n),
      fromInstance(voucher, "Voucher", "CapacityAssessed", 9_000n),
      fromInstance(voucher, "Voucher", "FreezeChanged", true),
      fromInstance(voucher, "Voucher", "PolicyChanged", [5, true, 0, 3, 10, 20, 500n]),
      fromInstance(voucher, "Voucher", "MeasureTaken", 1, 2, ZeroAddress, 0n),
      fromInstance(voucher, "Voucher", "Frozen", user, 0n, 40n),
      fromInstance(voucher, "Voucher", "ForcedTransfer", user, shop, 0n, 10n),
    ],
    [
      fromInstance(voucher, "Voucher", "AgentChanged", shop, 100n),
      fromInstance(voucher, "Voucher", "AllowanceChanged", user, shop, 0n, 30n, 90),
      fromInstance(voucher, "Voucher", "ApprovalForAll", user, shop, true),
      fromInstance(voucher, "Voucher", "LotMade", 9n, 1n, digest("painting")),
      fromInstance(voucher, "Voucher", "URI", "https://v/9", 9n),
      fromInstance(voucher, "Voucher", "CustodyOpened", shop, 150n),
      fromInstance(voucher, "Voucher", "Redeemed", 0n, 5n, 495n),
    ],
    [
      from("Redemptions", "Presented", 1, voucher, user, 0n, 5n, 90, digest("note")),
      from("Redemptions", "Presented", 2, voucher, user, 0n, 6n, 90, ZeroHash),
      from("Redemptions", "Presented", 3, voucher, user, 0n, 7n, 90, ZeroHash),
    ],
    [from("Redemptions", "RedemptionConfirmed", 1, digest("receipt"))],
    [from("Redemptions", "RedemptionRefused", 2, digest("sold out")), from("Redemptions", "RedemptionDefaulted", 3)],
  ],
  [
    [
      from("Settlements", "Offered", 1, user, ZeroAddress, [voucher, 0n, 5n], [other, 9n, 1n], 90),
      from("Settlements", "Offered", 2, user, shop, [voucher, 0n, 5n], [other, 9n, 1n], 90),
    ],
    [from("Settlements", "OfferAccepted", 1, shop), from("Settlements", "OfferCancelled", 2)],
    [
      from("CustodyProofs", "CustodyProven", proof, shop, voucher, 20, tree),
      from("CustodyProofs", "CustodyDeclared", declared, shop, digest("record"), 20, tree),
    ],
    [
      from("CustodyProofs", "CustodyChallenged", proof, digest("statement"), digest("leaf"), 5n, 90),
      from("CustodyProofs", "CustodyChallengeAnswered", proof, digest("statement")),
      from("CustodyProofs", "CustodyChallenged", declared, digest("statement"), digest("leaf"), 5n, 90),
      from("CustodyProofs", "CustodyDisputed", declared, ZeroHash),
    ],
  ],
];
