package org.brop.plugin.besu.rpc;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.hyperledger.besu.datatypes.AccessListEntry;
import org.hyperledger.besu.datatypes.Address;
import org.hyperledger.besu.datatypes.CallParameter;
import org.hyperledger.besu.datatypes.CodeDelegation;
import org.hyperledger.besu.datatypes.VersionedHash;
import org.hyperledger.besu.datatypes.Wei;

/** A call that only reads. */
record ReadCall(Address to, Bytes payload) implements CallParameter {
  @Override
  public Optional<BigInteger> getChainId() {
    return Optional.empty();
  }

  @Override
  public Optional<Address> getSender() {
    return Optional.empty();
  }

  @Override
  public Optional<Address> getTo() {
    return Optional.of(to);
  }

  @Override
  public OptionalLong getGas() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<Wei> getMaxPriorityFeePerGas() {
    return Optional.empty();
  }

  @Override
  public Optional<Wei> getMaxFeePerGas() {
    return Optional.empty();
  }

  @Override
  public Optional<Wei> getMaxFeePerBlobGas() {
    return Optional.empty();
  }

  @Override
  public Optional<Wei> getGasPrice() {
    return Optional.empty();
  }

  @Override
  public Optional<Wei> getValue() {
    return Optional.empty();
  }

  @Override
  public Optional<List<AccessListEntry>> getAccessList() {
    return Optional.empty();
  }

  @Override
  public Optional<List<VersionedHash>> getBlobVersionedHashes() {
    return Optional.empty();
  }

  @Override
  public OptionalLong getNonce() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<Boolean> getStrict() {
    return Optional.empty();
  }

  @Override
  public Optional<Bytes> getPayload() {
    return Optional.of(payload);
  }

  @Override
  public List<CodeDelegation> getCodeDelegationAuthorizations() {
    return List.of();
  }
}
