import { encodeBase64 } from "../../../src/core/base64.ts";
import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { encodeRlp } from "../../../src/core/rlp.ts";
import { buildTrie } from "../../../src/core/trie/build-trie.ts";
import { validatorKey } from "../sealed-block.ts";
import type { Case } from "./broken-blocks.ts";
import { blockPart, type Draft, edited, editField, flippedBase64, reseal } from "./edit-bundle.ts";
import { RECORD_BLOCK, VALID_STATE } from "./evidence-network.ts";
import type { BundleVector } from "./vector.ts";

/** Tries that do not lead where they should. @param record with a receipt in block 3 @param full a deep trie */
export function brokenTries(record: Bundle, full: Bundle, state: Bundle): BundleVector[] {
  const nodesOf = (one: Draft, number: number) => blockPart(one, number).receipts[0]?.nodes as string[];
  const accountOf = (one: Draft) =>
    blockPart(one, VALID_STATE).accounts[0] as Draft["blocks"][number]["accounts"][number];
  const slotNodes = (one: Draft) => accountOf(one).slots[0]?.nodes as string[];
  const FULL = 6;
  const cases: [Bundle, Case][] = [
    [full, ["receipt.proof", "missing-node", "A node on the way is missing", (one) => nodesOf(one, FULL).splice(1, 1)]],
    [
      full,
      ["receipt.proof", "last-node-missing", "The node with the receipt is missing", (one) => nodesOf(one, FULL).pop()],
    ],
    [
      full,
      [
        "receipt.proof",
        "extra-node",
        "A node that lies on no way",
        (one) => nodesOf(one, FULL).push(nodesOf(one, FULL)[0] as string),
      ],
    ],
    [
      full,
      [
        "receipt.proof",
        "foreign-node",
        "A node of another block's trie",
        (one) => {
          nodesOf(one, FULL)[1] = nodesOf(one, 1).at(-1) as string;
        },
      ],
    ],
    [full, ["receipt.proof", "order", "Nodes in another order", (one) => nodesOf(one, FULL).reverse()]],
    [
      full,
      ["receipt.proof", "root-missing", "An inner node in place of the root", (one) => nodesOf(one, FULL).shift()],
    ],
    [full, ["receipt.proof", "no-nodes", "No node at all", (one) => nodesOf(one, FULL).splice(0)]],
    [
      full,
      [
        "receipt.proof",
        "forged-leaf",
        "A receipt with another bit",
        (one) => {
          nodesOf(one, FULL).push(flippedBase64(nodesOf(one, FULL).pop() as string));
        },
      ],
    ],
    [
      full,
      [
        "receipt.proof",
        "other-transaction",
        "The receipt is that of another transaction",
        (one) => {
          const [receipt] = blockPart(one, FULL).receipts;
          if (receipt !== undefined) receipt.transaction--;
        },
      ],
    ],
    [
      full,
      [
        "receipt.proof",
        "way-to-nowhere",
        "A transaction that the block does not have",
        (one) => {
          const [receipt] = blockPart(one, FULL).receipts;
          if (receipt !== undefined) receipt.transaction = 250;
        },
      ],
    ],
    [
      full,
      [
        "receipt.order",
        "receipt-twice",
        "A receipt twice",
        (one) => {
          const { receipts } = blockPart(one, FULL);
          receipts.push(structuredClone(receipts[0]) as never);
        },
      ],
    ],
    [
      record,
      [
        "receipt.proof",
        "inner-node-as-leaf",
        "A branch where the receipt belongs",
        (one) => {
          nodesOf(one, RECORD_BLOCK).push(nodesOf(one, RECORD_BLOCK)[0] as string);
        },
      ],
    ],
    [
      record,
      [
        "receipt.absent",
        "no-such-transaction",
        "A sound way to a transaction that the block does not have",
        (one) => {
          Object.assign(blockPart(one, RECORD_BLOCK).receipts[0] as object, { transaction: 3 });
          nodesOf(one, RECORD_BLOCK).pop();
        },
      ],
    ],
    [record, ["receipt.malformed", "malformed-receipt", "A sealed block whose receipt is none", malformedReceipt]],
    [
      state,
      [
        "state.proof",
        "account-node-missing",
        "A node on the way to a contract is missing",
        (one) => accountOf(one).nodes.pop(),
      ],
    ],
    [
      state,
      [
        "state.proof",
        "account-forged",
        "A contract with another bit",
        (one) => {
          accountOf(one).nodes.push(flippedBase64(accountOf(one).nodes.pop() as string));
        },
      ],
    ],
    [
      state,
      [
        "state.proof",
        "slot-forged",
        "A value with another bit",
        (one) => slotNodes(one).push(flippedBase64(slotNodes(one).pop() as string)),
      ],
    ],
    [
      state,
      [
        "state.proof",
        "slot-extra-node",
        "A node of storage that lies on no way",
        (one) => slotNodes(one).push(slotNodes(one)[0] as string),
      ],
    ],
    [
      state,
      [
        "state.proof",
        "other-contract",
        "The way to another contract",
        (one) => {
          const { accounts } = blockPart(one, VALID_STATE);
          (accounts[0] as { nodes: string[] }).nodes = accounts[1]?.nodes as string[];
        },
      ],
    ],
    [
      state,
      [
        "state.order",
        "contract-twice",
        "A contract twice",
        (one) => {
          const { accounts } = blockPart(one, VALID_STATE);
          accounts.push(structuredClone(accounts[0]) as never);
        },
      ],
    ],
    [
      state,
      [
        "state.order",
        "slot-twice",
        "A slot twice",
        (one) => accountOf(one).slots.push(structuredClone(accountOf(one).slots[0]) as never),
      ],
    ],
  ];
  return cases.map(([bundle, [reason, name, what, change]]) => ({
    ...{ name: `tries-${name}`, what, content: edited(bundle, change), trust: "genesis", state: "failed", reason },
  }));
}

function malformedReceipt(draft: Draft): void {
  const trie = buildTrie([[Uint8Array.of(0x80), encodeRlp([Uint8Array.of(1), new Uint8Array(40)])]]);
  editField(draft, RECORD_BLOCK, "receiptsRoot", () => trie.root);
  reseal(draft, RECORD_BLOCK, [1, 2, 3, 4].map(validatorKey));
  const nodes = trie.prove(Uint8Array.of(0x80)).map(encodeBase64);
  blockPart(draft, RECORD_BLOCK).receipts = [{ transaction: 0, nodes }];
}
