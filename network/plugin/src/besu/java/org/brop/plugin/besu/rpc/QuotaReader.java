package org.brop.plugin.besu.rpc;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.brop.plugin.besu.Conversion;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.chain.Words;
import org.hyperledger.besu.evm.tracing.OperationTracer;
import org.hyperledger.besu.plugin.data.ProcessableBlockHeader;
import org.hyperledger.besu.plugin.data.TransactionSimulationResult;
import org.hyperledger.besu.plugin.services.TransactionSimulationService;
import org.hyperledger.besu.plugin.services.TransactionSimulationService.SimulationParameters;

/** An account's quota, asked of the Quota contract for the next block. */
final class QuotaReader {
  private final TransactionSimulationService simulation;

  QuotaReader(TransactionSimulationService simulation) {
    this.simulation = simulation;
  }

  Map<String, Object> read(Address account) {
    ProcessableBlockHeader block = simulation.simulatePendingBlockHeader();
    byte[] points = call(block, "pointsOf(address)", account);
    byte[] usage = call(block, "usageOf(address)", account);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("account", account.toString());
    answer.put("block", block.getNumber());
    answer.put("points", Words.at(points, 0));
    answer.put("sponsoredPoints", Words.at(points, Words.LENGTH));
    answer.put("class", Words.at(call(block, "classOf(address)", account), 0));
    Address sponsor = Address.of(Words.at(call(block, "sponsorOf(address)", account), 0));
    answer.put("sponsor", sponsor.isZero() ? null : sponsor.toString());
    answer.put("usagePeriod", Words.at(usage, 0));
    answer.put("used", Words.at(usage, Words.LENGTH));
    answer.put("usedBefore", Words.at(usage, 2 * Words.LENGTH));
    return answer;
  }

  private byte[] call(ProcessableBlockHeader block, String function, Address argument) {
    Bytes payload = Bytes.wrap(Bytes.wrap(Keccak.selectorBytes(function)), Bytes.wrap(Words.bytes(argument.word())));
    return simulation
        .simulate(
            new ReadCall(Conversion.address(SystemAddresses.QUOTA), payload),
            Optional.empty(),
            block,
            OperationTracer.NO_TRACING,
            EnumSet.allOf(SimulationParameters.class))
        .filter(TransactionSimulationResult::isSuccessful)
        .map(result -> result.result().getOutput().toArrayUnsafe())
        .filter(output -> output.length >= Words.LENGTH)
        .orElseThrow(() -> RpcFault.unavailable("Quota does not answer " + function));
  }
}
