/**
 * Why a statement of a bundle is not proven, in English and Chinese. The codes are part of the format: test vectors name
 * them, and every verifier gives the same ones.
 */
export const BUNDLE_REASONS = {
  "format.too-large": { en: "The file is larger than 16 MiB", zh: "文件超过 16 MiB" },
  "format.not-text": { en: "The file is not UTF-8 text", zh: "文件不是 UTF-8 文本" },
  "format.too-deep": { en: "The file's lists and objects are nested too deep", zh: "文件的嵌套层数过多" },
  "format.not-json": { en: "The file is no JSON", zh: "文件不是 JSON" },
  "format.ambiguous": {
    en: "The JSON can be read in two ways: a name comes twice, or a number or text has no exact value",
    zh: "该 JSON 有歧义：成员重名，或数字、文本没有确切的值",
  },
  "format.unknown": { en: "The file is no proof bundle", zh: "文件不是证明包" },
  "format.version": { en: "The bundle's version is not known here", zh: "不认识该证明包的版本" },
  "format.schema": { en: "The bundle does not fit its schema", zh: "证明包不符合其模式" },
  "trust.missing": {
    en: "Nothing was given that says whose seals count: the network's genesis file or a checkpoint",
    zh: "没有给出信任的起点（网络的创世文件或检查点），无从知道谁的签封有效",
  },
  "trust.later": { en: "The block stands before the trusted start", zh: "区块早于信任的起点" },
  "network.chain": { en: "The bundle is of another chain", zh: "证明包属于另一条链" },
  "network.genesis": { en: "The bundle's chain begins with another block 0", zh: "证明包所属链的创世区块不同" },
  "network.unsealed": {
    en: "The blocks are not sealed, and those of this network are",
    zh: "区块未签封，而该网络的区块应有签封",
  },
  "network.development": {
    en: "The trusted chain is a development chain, whose blocks prove nothing",
    zh: "所信任的是开发链，其区块不能证明任何事",
  },
  "header.malformed": { en: "A block header is not in its form", zh: "区块头的格式不正确" },
  "header.validators": { en: "A block header names validators itself", zh: "区块头自行列出了验证者" },
  "header.anchor": {
    en: "The block is another one than the trusted one of its height",
    zh: "该高度的区块不是所信任的那一个",
  },
  "blocks.order": { en: "The blocks are not in the order of their numbers", zh: "区块没有按编号排列" },
  "blocks.as-of": { en: "The newest block is not the one that the bundle names", zh: "最新区块不是证明包所称的那一个" },
  "blocks.unused": { en: "A block of the bundle serves nothing", zh: "证明包中有区块没有用处" },
  "seals.malformed": { en: "A seal is no signature in its one form", zh: "有签封不是规范形式的签名" },
  "seals.too-few": { en: "Fewer seals than a quorum of the validators", zh: "签封少于验证者的法定数量" },
  "seals.too-many": { en: "More seals than validators", zh: "签封多于验证者" },
  "seals.stranger": {
    en: "A seal is by somebody who was no validator at that height",
    zh: "有签封出自当时并非验证者的人",
  },
  "seals.duplicate": { en: "A validator sealed twice", zh: "有验证者重复签封" },
  "receipt.proof": { en: "The nodes do not lead from the block to the receipt", zh: "节点未能从区块通到收据" },
  "receipt.absent": { en: "The block has no such transaction", zh: "区块中没有这笔交易" },
  "receipt.malformed": { en: "The receipt is not in its form", zh: "收据的格式不正确" },
  "receipt.order": { en: "Receipts of a block are not in order", zh: "区块的收据没有按顺序排列" },
  "state.proof": {
    en: "The nodes do not lead from the block to what its state holds",
    zh: "节点未能从区块通到其状态中的值",
  },
  "state.absent": { en: "The state has no such contract", zh: "状态中没有该合约" },
  "state.missing": {
    en: "The bundle does not hold the part of the state that it names",
    zh: "证明包缺少它所引用的状态",
  },
  "state.order": { en: "Contracts or slots of a state come twice", zh: "状态中的合约或存储位重复" },
  "validators.order": {
    en: "Changes of validators are not in the order of their blocks",
    zh: "验证者变更没有按区块排列",
  },
  "validators.event": { en: "The log is no change of validators", zh: "该日志不是验证者变更" },
  "validators.epoch": { en: "Changes of validators are missing or out of order", zh: "验证者变更有缺失或次序错误" },
  "validators.hidden": {
    en: "The state knows another set of validators: a change is not shown",
    zh: "状态中的验证者集合不同：有变更未出示",
  },
  "contract.missing": { en: "The bundle does not show which contract is meant", zh: "证明包没有说明是哪一个合约" },
  "contract.twice": { en: "A contract is named twice", zh: "同一合约出现两次" },
  "contract.listing": { en: "Directory does not list the contract by this name", zh: "名录没有以此名称登记该合约" },
  "contract.later": { en: "The contract was listed only after the event", zh: "该合约在事件之后才登记" },
  "event.absent": { en: "There is no such log", zh: "没有这条日志" },
  "event.address": { en: "The log is by another contract", zh: "日志出自另一个合约" },
  "event.kind": { en: "The log is of another event", zh: "日志属于另一种事件" },
  "event.differs": { en: "The log says something else than the claim", zh: "日志与声明不符" },
  "block.differs": { en: "The block has another hash than the claim", zh: "区块的哈希与声明不符" },
  "block.absent": { en: "The bundle does not hold the block that it names", zh: "证明包缺少它所引用的区块" },
  "batch.index": { en: "The batch has no record at this place", zh: "批次中没有这个位置的记录" },
  "batch.length": { en: "The branch ends with another length than the batch has", zh: "分支末尾的长度与批次不符" },
  "batch.record": { en: "The record could be in no batch", zh: "该记录不可能出现在任何批次中" },
  "batch.root": {
    en: "The branch does not lead from the record to the anchored root",
    zh: "分支未能从记录通到锚定的根",
  },
  "content.differs": { en: "The data are not those that were recorded", zh: "数据不是所记录的数据" },
  "content.algorithm": { en: "The record's digest algorithm is not known here", zh: "不认识记录所用的摘要算法" },
  "content.claim": { en: "The claim names no digest", zh: "该声明没有摘要" },
  "status.unknown": { en: "The state has no such record", zh: "状态中没有该记录" },
  "status.differs": { en: "The state has another record by this identifier", zh: "状态中该标识符的记录不同" },
  "status.earlier": { en: "The state is older than the record", zh: "状态早于该记录" },
  "status.claim": { en: "The claim is about no record", zh: "该声明与记录无关" },
  "certification.history": { en: "The state's history does not show that block", zh: "状态中的历史没有包含该区块" },
  "timestamp.token": { en: "The time-stamp token does not hold", zh: "时间戳令牌不成立" },
  "timestamp.authority": {
    en: "The token's authority is not among the trusted ones",
    zh: "令牌的签发机构不在信任之列",
  },
  "timestamp.other": { en: "The token stamps other data", zh: "令牌所盖的是其他数据" },
  "timestamp.early": { en: "The token is older than the block that it stamps", zh: "令牌早于它所盖的区块" },
  "timestamp.claim": { en: "The claim has nothing that a token could stamp", zh: "该声明没有可盖时间戳的内容" },
  absent: { en: "The bundle says nothing about this", zh: "证明包没有涉及此项" },
} as const;

/** Why a statement is not proven. */
export type BundleReason = keyof typeof BUNDLE_REASONS;

/** What ends the proof of a statement. */
export class BundleFault extends Error {
  readonly reason: BundleReason;
  /** For people: where, or what exactly. */
  readonly detail: string | undefined;

  constructor(reason: BundleReason, detail?: string) {
    super(detail === undefined ? BUNDLE_REASONS[reason].en : `${BUNDLE_REASONS[reason].en}: ${detail}`);
    this.name = "BundleFault";
    this.reason = reason;
    this.detail = detail;
  }
}

/** Runs a check that has errors of its own, under the reason that its failure means here. */
export function under<T>(reason: BundleReason, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof BundleFault ? error : new BundleFault(reason, (error as Error).message);
  }
}
