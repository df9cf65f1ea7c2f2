package org.brop.plugin.seals;

import java.util.ArrayList;
import java.util.List;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Keccak;

/**
 * A QBFT block's header with its committed seals. Its extra data is a list: vanity, validators, vote, round, seals; with
 * contract-based validators the second and third are empty.
 *
 * @param digest what the seals sign: the hash of the header without seals
 */
public record SealedHeader(long round, byte[] digest, List<byte[]> seals) {
  private static final int EXTRA_DATA = 12;
  private static final int ROUND = 3;
  private static final int SEALS = 4;

  /** @param header the whole header in RLP, as the node keeps it */
  public static SealedHeader decode(byte[] header) {
    Rlp.Sequence fields = Rlp.decodeList(header);
    Rlp.Sequence extraData = Rlp.decodeList(fields.text(EXTRA_DATA));
    List<byte[]> seals = new ArrayList<>();
    for (Rlp.Item seal : extraData.list(SEALS)) {
      if (!(seal instanceof Rlp.Text text)) throw new IllegalArgumentException("A seal is a list");
      seals.add(text.bytes());
    }
    byte[] unsealed = Rlp.encode(replace(extraData, SEALS, new Rlp.Sequence(List.of())));
    byte[] digest = Keccak.hash(Rlp.encode(replace(fields, EXTRA_DATA, new Rlp.Text(unsealed))));
    long round = new Rlp.Text(extraData.text(ROUND)).number().longValueExact();
    return new SealedHeader(round, digest, seals);
  }

  /** The addresses that sealed, in the order of the seals. */
  public List<Address> signers() {
    return seals.stream().map(seal -> SealSigner.recover(digest, seal)).toList();
  }

  private static Rlp.Sequence replace(Rlp.Sequence sequence, int index, Rlp.Item item) {
    List<Rlp.Item> items = new ArrayList<>(sequence.items());
    items.set(index, item);
    return new Rlp.Sequence(items);
  }
}
