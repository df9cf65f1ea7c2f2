package org.brop.plugin.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.support.FakeState;
import org.brop.plugin.support.Transactions;
import org.junit.jupiter.api.Test;

class AdmissionStorageTest {
  private static final Address SENDER = Transactions.address(7);

  @Test
  void everyFieldOfASenderIsRead() {
    FakeState state =
        new FakeState().admit(SENDER, Kind.RELAY, (1L << 48) - 1, (1L << 40) - 1, SystemAddresses.ENTRY_POINT);
    Sender sender = AdmissionStorage.senderOf(state, SENDER);
    assertEquals(new Sender(Kind.RELAY, (1L << 48) - 1, (1L << 40) - 1, SystemAddresses.ENTRY_POINT), sender);
  }

  @Test
  void aStrangerIsNothing() {
    Sender sender = AdmissionStorage.senderOf(new FakeState(), SENDER);
    assertEquals(Kind.NONE, sender.kind());
    assertEquals(0, sender.allowance());
    assertTrue(sender.target().isZero());
  }

  @Test
  void aKindThatIsNotKnownPermitsNothing() {
    BigInteger slot = Keccak.mappingSlot(SENDER.word(), 0);
    FakeState state = new FakeState().store(SystemAddresses.ADMISSION, slot, BigInteger.valueOf(4));
    assertEquals(Kind.NONE, AdmissionStorage.senderOf(state, SENDER).kind());
  }

  @Test
  void thePeriodIsReadWithoutItsNeighbours() {
    FakeState state = new FakeState();
    state.store(SystemAddresses.ADMISSION, BigInteger.ONE, BigInteger.ONE.shiftLeft(48).or(BigInteger.valueOf(1_200)));
    assertEquals(1_200, AdmissionStorage.periodBlocks(state));
  }

  @Test
  void theContractKeepsItsStorageWhereItIsReadHere() throws IOException {
    String layouts = Files.readString(Path.of("../../contracts/storage-layouts.json"));
    Matcher contract = Pattern.compile("(?s)\\n  \"Admission\": \\{.*?\\n  \\}").matcher(layouts);
    assertTrue(contract.find());
    assertEquals("0/0", placeOf("_senders", contract.group()));
    assertEquals("1/0", placeOf("_period", contract.group()));
    assertEquals("0/0", placeOf("kind", contract.group()));
    assertEquals("0/1", placeOf("validFrom", contract.group()));
    assertEquals("0/7", placeOf("allowance", contract.group()));
    assertEquals("0/12", placeOf("target", contract.group()));
  }

  /** Slot and byte of a variable. */
  private static String placeOf(String label, String layout) {
    Matcher entry =
        Pattern.compile("\"slot\": (\\d+),\\s*\"offset\": (\\d+),\\s*\"label\": \"" + label + "\"").matcher(layout);
    return entry.find() ? entry.group(1) + "/" + entry.group(2) : "nowhere";
  }
}
