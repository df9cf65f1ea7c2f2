package org.brop.plugin.besu;

import java.util.Optional;
import org.brop.plugin.besu.rpc.RpcMethods;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.rules.Activations;
import org.hyperledger.besu.datatypes.Transaction;
import org.hyperledger.besu.plugin.BesuPlugin;
import org.hyperledger.besu.plugin.ServiceManager;
import org.hyperledger.besu.plugin.data.ProcessableBlockHeader;
import org.hyperledger.besu.plugin.services.BesuService;
import org.hyperledger.besu.plugin.services.BlockchainService;
import org.hyperledger.besu.plugin.services.MetricsSystem;
import org.hyperledger.besu.plugin.services.PermissioningService;
import org.hyperledger.besu.plugin.services.PicoCLIOptions;
import org.hyperledger.besu.plugin.services.RpcEndpointService;
import org.hyperledger.besu.plugin.services.TransactionPoolValidatorService;
import org.hyperledger.besu.plugin.services.TransactionSelectionService;
import org.hyperledger.besu.plugin.services.TransactionSimulationService;
import org.hyperledger.besu.plugin.services.WorldStateService;
import org.hyperledger.besu.plugin.services.metrics.MetricCategoryRegistry;
import org.hyperledger.besu.plugin.services.rlp.RlpConverterService;
import org.hyperledger.besu.plugin.services.txselection.PluginTransactionSelector;
import org.hyperledger.besu.plugin.services.txselection.PluginTransactionSelectorFactory;
import org.hyperledger.besu.plugin.services.txselection.SelectorsStateManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the rules into Besu's pool, block creation and block import. Besu finds it as a service. */
public final class BropPlugin implements BesuPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(BropPlugin.class);
  private static final String NOT_READY = "service.unavailable: the node is starting";

  private final Options options = new Options();
  private final RpcMethods methods = new RpcMethods();
  private ServiceManager services;
  /** Until Besu has started the plugin there is no state to look at, and everything is refused. */
  private volatile Guard guard;

  @Override
  public String getName() {
    return Options.NAMESPACE;
  }

  @Override
  public void register(ServiceManager context) {
    services = context;
    service(PicoCLIOptions.class).addPicoCLIOptions(Options.NAMESPACE, options);
    service(MetricCategoryRegistry.class).addMetricCategory(Metrics.CATEGORY);
    service(PermissioningService.class)
        .registerTransactionPermissioningProvider(transaction -> check(transaction, Stage.BLOCK).isEmpty());
    // The same rules once more, because only here the words reach the sender.
    service(TransactionPoolValidatorService.class)
        .registerPluginTransactionValidatorFactory(() -> (transaction, isLocal, hasPriority) -> check(transaction, Stage.POOL));
    service(TransactionSelectionService.class)
        .registerPluginTransactionSelectorFactory(
            new PluginTransactionSelectorFactory() {
              @Override
              public PluginTransactionSelector create(ProcessableBlockHeader header, SelectorsStateManager states) {
                Guard ready = guard;
                return ready == null ? PluginTransactionSelector.ACCEPT_ALL : new QuotaSelector(ready);
              }
            });
    methods.register(service(RpcEndpointService.class));
  }

  @Override
  public void start() {
    Activations activations = options.activations();
    Chain chain = new Chain(service(BlockchainService.class), service(WorldStateService.class));
    Guard ready = new Guard(chain, activations, new Metrics(service(MetricsSystem.class)));
    methods.start(
        chain,
        activations,
        ready.allowances(),
        service(TransactionSimulationService.class),
        service(RlpConverterService.class));
    // Counts the period's transactions now and not while a block waits for it.
    ready.allowances().usage(SystemAddresses.ADMISSION, chain.head());
    guard = ready;
    LOG.info("The network's rules hold: {}", activations);
  }

  @Override
  public void stop() {
    guard = null;
  }

  private Optional<String> check(Transaction transaction, Stage stage) {
    Guard ready = guard;
    return ready == null ? Optional.of(NOT_READY) : ready.check(transaction, stage);
  }

  private <T extends BesuService> T service(Class<T> type) {
    return services
        .getService(type)
        .orElseThrow(() -> new IllegalStateException("This version of Besu has no " + type.getSimpleName()));
  }
}
