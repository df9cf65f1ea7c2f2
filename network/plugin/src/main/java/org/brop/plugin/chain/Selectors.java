package org.brop.plugin.chain;

/** Functions and errors that the rules know by their selectors. */
public final class Selectors {
  private static final String OPERATION = "(address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)";

  public static final String HANDLE_OPS = Keccak.selector("handleOps(" + OPERATION + "[],address)");
  /** EntryPoint's error for an operation whose validation reverted: index, words, and what the account said. */
  public static final String FAILED_OP_WITH_REVERT = Keccak.selector("FailedOpWithRevert(uint256,string,bytes)");
  public static final String QUOTA_EXHAUSTED = Keccak.selector("QuotaExhausted(address,uint256,uint256)");
  public static final String QUOTA_PAUSED = Keccak.selector("QuotaPaused(uint48)");

  private Selectors() {}
}
