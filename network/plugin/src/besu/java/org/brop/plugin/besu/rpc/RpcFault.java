package org.brop.plugin.besu.rpc;

import org.hyperledger.besu.plugin.services.exception.PluginRpcEndpointException;
import org.hyperledger.besu.plugin.services.rpc.RpcMethodError;

/** JSON-RPC errors of the `brop_*` methods. */
final class RpcFault {
  private static final int UNAVAILABLE = -32002;
  private static final int NOT_FOUND = -32001;

  private record Fault(int code, String message) implements RpcMethodError {
    @Override
    public int getCode() {
      return code;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }

  private RpcFault() {}

  static PluginRpcEndpointException invalid(String message) {
    return new PluginRpcEndpointException(new Fault(RpcMethodError.INVALID_PARAMS_ERROR_CODE, message));
  }

  static PluginRpcEndpointException notFound(String message) {
    return new PluginRpcEndpointException(new Fault(NOT_FOUND, message));
  }

  static PluginRpcEndpointException unavailable(String message) {
    return new PluginRpcEndpointException(new Fault(UNAVAILABLE, message));
  }
}
