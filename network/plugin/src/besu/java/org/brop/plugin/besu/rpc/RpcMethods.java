package org.brop.plugin.besu.rpc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.brop.plugin.admission.Sender;
import org.brop.plugin.allowance.Allowances;
import org.brop.plugin.besu.Chain;
import org.brop.plugin.besu.Options;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.rules.Activations;
import org.brop.plugin.rules.RuleName;
import org.hyperledger.besu.plugin.data.BlockHeader;
import org.hyperledger.besu.plugin.services.RpcEndpointService;
import org.hyperledger.besu.plugin.services.TransactionSimulationService;
import org.hyperledger.besu.plugin.services.rlp.RlpConverterService;

/** The `brop_*` methods. */
public final class RpcMethods {
  /** What the methods need; there once Besu has started the plugin. */
  private record Sources(
      Chain chain, Activations activations, Allowances allowances, QuotaReader quota, SealReader seals) {}

  private volatile Sources sources;

  public void register(RpcEndpointService rpc) {
    register(rpc, "rules", parameters -> rules());
    register(rpc, "admission", parameters -> admission(parameters.address(0)));
    register(rpc, "quota", parameters -> ready().quota().read(parameters.address(0)));
    register(rpc, "seals", parameters -> ready().seals().read(header(parameters.block(0))));
  }

  public void start(
      Chain chain,
      Activations activations,
      Allowances allowances,
      TransactionSimulationService simulation,
      RlpConverterService rlp) {
    sources = new Sources(chain, activations, allowances, new QuotaReader(simulation), new SealReader(chain, rlp));
  }

  private static void register(RpcEndpointService rpc, String name, Function<Parameters, Map<String, Object>> method) {
    rpc.registerRPCEndpoint(Options.NAMESPACE, name, request -> method.apply(new Parameters(request.getParams())));
  }

  /** The rules in force in the next block. */
  private Map<String, Object> rules() {
    Activations activations = ready().activations();
    long block = ready().chain().head().nextNumber();
    List<Map<String, Object>> rules =
        Arrays.stream(RuleName.values())
            .map(
                rule -> {
                  Map<String, Object> entry = new LinkedHashMap<>();
                  entry.put("rule", rule.label());
                  entry.put("fromBlock", activations.firstBlock(rule));
                  entry.put("inForce", activations.isInForce(rule, block));
                  entry.put("decidesValidity", rule.decidesValidity());
                  return entry;
                })
            .toList();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("block", block);
    answer.put("rules", rules);
    return answer;
  }

  /** What an address may send directly in the next block. */
  private Map<String, Object> admission(Address address) {
    ParentBlock head = ready().chain().head();
    Allowances.Usage usage = ready().allowances().usage(address, head);
    Sender sender = usage.sender();
    long used = head.state().nonce(address) - usage.firstNonce();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("address", address.toString());
    answer.put("block", head.nextNumber());
    answer.put("kind", sender.kind().label());
    answer.put("validFrom", sender.validFrom());
    answer.put("target", sender.target().isZero() ? null : sender.target().toString());
    answer.put("allowance", sender.allowance());
    answer.put("used", used);
    answer.put("left", Math.max(0, sender.allowance() - used));
    answer.put("nextPeriod", usage.nextPeriod());
    return answer;
  }

  private BlockHeader header(OptionalLong number) {
    Chain chain = ready().chain();
    if (number.isEmpty()) return chain.headHeader();
    return chain
        .header(number.getAsLong())
        .orElseThrow(() -> RpcFault.notFound("There is no block " + number.getAsLong()));
  }

  private Sources ready() {
    Sources ready = sources;
    if (ready == null) throw RpcFault.unavailable("The node is starting");
    return ready;
  }
}
