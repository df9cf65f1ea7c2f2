package org.brop.plugin.seals;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Recursive length prefix, as far as block headers need it. */
final class Rlp {
  private static final int SHORT = 55;

  /** A string of bytes or a list. */
  sealed interface Item permits Text, Sequence {}

  record Text(byte[] bytes) implements Item {
    BigInteger number() {
      return new BigInteger(1, bytes);
    }
  }

  record Sequence(List<Item> items) implements Item {
    byte[] text(int index) {
      if (items.get(index) instanceof Text text) return text.bytes();
      throw new IllegalArgumentException("Item " + index + " is a list");
    }

    List<Item> list(int index) {
      if (items.get(index) instanceof Sequence sequence) return sequence.items();
      throw new IllegalArgumentException("Item " + index + " is no list");
    }
  }

  private final byte[] data;
  private int position;

  private Rlp(byte[] data) {
    this.data = data;
  }

  /** Reads a list that fills `data` exactly. */
  static Sequence decodeList(byte[] data) {
    Rlp reader = new Rlp(data);
    Item item = reader.next(data.length);
    if (reader.position != data.length) throw new IllegalArgumentException("Bytes are left after the list");
    if (item instanceof Sequence sequence) return sequence;
    throw new IllegalArgumentException("This is no list");
  }

  private Item next(int end) {
    if (position >= end) throw new IllegalArgumentException("The item is cut off");
    int first = data[position++] & 0xff;
    if (first < 0x80) return new Text(new byte[] {(byte) first});
    if (first < 0xc0) return new Text(take(length(first - 0x80, end), end));
    int length = length(first - 0xc0, end);
    int until = position + length;
    if (until > end) throw new IllegalArgumentException("The list is cut off");
    List<Item> items = new ArrayList<>();
    while (position < until) items.add(next(until));
    return new Sequence(items);
  }

  private int length(int code, int end) {
    if (code <= SHORT) return code;
    BigInteger length = new BigInteger(1, take(code - SHORT, end));
    if (length.bitLength() > 24) throw new IllegalArgumentException("The length is out of bounds");
    return length.intValue();
  }

  private byte[] take(int length, int end) {
    if (length > end - position) throw new IllegalArgumentException("The item is cut off");
    byte[] taken = new byte[length];
    System.arraycopy(data, position, taken, 0, length);
    position += length;
    return taken;
  }

  static byte[] encode(Item item) {
    if (item instanceof Text text) {
      byte[] bytes = text.bytes();
      boolean single = bytes.length == 1 && (bytes[0] & 0xff) < 0x80;
      return single ? bytes : withLength(0x80, bytes);
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Item inner : ((Sequence) item).items()) content.writeBytes(encode(inner));
    return withLength(0xc0, content.toByteArray());
  }

  private static byte[] withLength(int base, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (content.length <= SHORT) {
      out.write(base + content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      // A leading zero byte is the sign.
      int from = length[0] == 0 ? 1 : 0;
      out.write(base + SHORT + length.length - from);
      out.write(length, from, length.length - from);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
