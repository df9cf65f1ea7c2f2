package org.brop.plugin.besu.rpc;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brop.plugin.besu.Chain;
import org.brop.plugin.besu.Conversion;
import org.brop.plugin.chain.Address;
import org.brop.plugin.seals.SealedHeader;
import org.brop.plugin.seals.ValidatorStorage;
import org.hyperledger.besu.plugin.data.BlockHeader;
import org.hyperledger.besu.plugin.services.rlp.RlpConverterService;

/** Who sealed a block, and who was entitled to. */
final class SealReader {
  private final Chain chain;
  private final RlpConverterService rlp;

  SealReader(Chain chain, RlpConverterService rlp) {
    this.chain = chain;
    this.rlp = rlp;
  }

  Map<String, Object> read(BlockHeader header) {
    if (header.getNumber() == 0) throw RpcFault.invalid("The genesis block has no seals");
    SealedHeader sealed = SealedHeader.decode(rlp.buildRlpFromHeader(header).toArrayUnsafe());
    List<Address> validators = validators(header);
    List<Map<String, Object>> seals = new ArrayList<>();
    List<Address> signers = sealed.signers();
    for (int i = 0; i < signers.size(); i++) {
      Map<String, Object> seal = new LinkedHashMap<>();
      seal.put("signer", signers.get(i).toString());
      seal.put("validator", validators.contains(signers.get(i)));
      seal.put("seal", hex(sealed.seals().get(i)));
      seals.add(seal);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("number", header.getNumber());
    answer.put("hash", Conversion.hex(header.getBlockHash()));
    answer.put("round", sealed.round());
    answer.put("digest", hex(sealed.digest()));
    answer.put("quorum", ValidatorStorage.quorum(validators.size()));
    answer.put("validators", validators.stream().map(Address::toString).toList());
    answer.put("seals", seals);
    return answer;
  }

  /** The set that seals a block stands in the state before it. */
  private List<Address> validators(BlockHeader header) {
    try {
      return ValidatorStorage.validators(chain.block(chain.header(header.getParentHash())).state());
    } catch (IllegalStateException e) {
      throw RpcFault.unavailable("The node no longer has the state before block " + header.getNumber());
    }
  }

  private static String hex(byte[] bytes) {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
