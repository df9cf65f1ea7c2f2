package org.brop.plugin.besu;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.brop.plugin.quota.QuotaFailure;
import org.brop.plugin.rules.RuleName;
import org.brop.plugin.selection.SelectionTime;
import org.hyperledger.besu.datatypes.Transaction;
import org.hyperledger.besu.plugin.data.BlockBody;
import org.hyperledger.besu.plugin.data.BlockHeader;
import org.hyperledger.besu.plugin.data.TransactionProcessingResult;
import org.hyperledger.besu.plugin.data.TransactionSelectionResult;
import org.hyperledger.besu.plugin.services.tracer.BlockAwareOperationTracer;
import org.hyperledger.besu.plugin.services.txselection.PluginTransactionSelector;
import org.hyperledger.besu.plugin.services.txselection.TransactionEvaluationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out of this node's block what fails for quota (QU-4), and ends the selection in time for the block. Made anew for
 * each block.
 */
final class QuotaSelector implements PluginTransactionSelector {
  private static final Logger LOG = LoggerFactory.getLogger(QuotaSelector.class);
  private static final double NANOSECONDS = 1e9;

  private final Guard guard;
  private final boolean inForce;
  private final SelectionTime time = new SelectionTime(System::nanoTime);

  QuotaSelector(Guard guard) {
    this.guard = guard;
    this.inForce = guard.isInForce(RuleName.QUOTA);
  }

  @Override
  public TransactionSelectionResult evaluateTransactionPreProcessing(TransactionEvaluationContext context) {
    // The transaction stays in the pool, as all that come after it.
    return time.isOver() ? TransactionSelectionResult.BLOCK_SELECTION_TIMEOUT : TransactionSelectionResult.SELECTED;
  }

  @Override
  public TransactionSelectionResult evaluateTransactionPostProcessing(
      TransactionEvaluationContext context, TransactionProcessingResult result) {
    time.evaluated();
    Transaction transaction = context.getPendingTransaction().getTransaction();
    if (!inForce || !result.isFailed() || !Conversion.transaction(transaction).isBundle()) {
      return TransactionSelectionResult.SELECTED;
    }
    Optional<String> failure = result.getRevertReason().map(Bytes::toArrayUnsafe).flatMap(QuotaFailure::of);
    if (failure.isEmpty()) return TransactionSelectionResult.SELECTED;
    guard.metrics().refused(RuleName.QUOTA, Stage.PACKAGING);
    LOG.info("Left out bundle {}: {}", Conversion.hex(transaction.getHash()), failure.get());
    // It also leaves the pool, so that its relay can use the nonce for a bundle without that operation.
    return TransactionSelectionResult.invalid(failure.get());
  }

  @Override
  public BlockAwareOperationTracer getOperationTracer() {
    return new BlockAwareOperationTracer() {
      @Override
      public void traceEndBlock(BlockHeader header, BlockBody body) {
        guard.metrics().selected(time.used().toNanos() / NANOSECONDS, time.wasCut());
      }

      @Override
      public boolean isExtendedTracing() {
        return false;
      }
    };
  }
}
