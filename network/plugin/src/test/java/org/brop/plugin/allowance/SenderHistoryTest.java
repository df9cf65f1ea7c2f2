package org.brop.plugin.allowance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.support.FakeState;
import org.brop.plugin.support.Transactions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SenderHistoryTest {
  private static final Address RELAY = Transactions.address(1);

  private final FakeChain chain = new FakeChain();
  private final SenderHistory history = new SenderHistory(chain::read);

  private ParentBlock grow(ParentBlock parent, int blocks) {
    ParentBlock head = parent;
    for (int i = 0; i < blocks; i++) {
      long number = head.number() + 1;
      head = chain.append(head, "block " + number, List.of(new SentBlock.Sent(RELAY, number * 10)));
    }
    return head;
  }

  @Test
  void theFirstNonceOfAPeriodIsItsFirstTransactions() {
    ParentBlock head = grow(chain.genesis(), 25);
    assertEquals(OptionalLong.of(200), history.firstNonceSince(20, RELAY, head));
    assertEquals(OptionalLong.of(10), history.firstNonceSince(0, RELAY, head));
    assertEquals(OptionalLong.empty(), history.firstNonceSince(20, Transactions.address(2), head));
  }

  @Test
  void aPeriodThatBeginsWithTheNextBlockHasNoTransactions() {
    assertEquals(OptionalLong.empty(), history.firstNonceSince(20, RELAY, grow(chain.genesis(), 19)));
  }

  @Test
  void aNewBlockIsAllThatIsReadForTheNextQuestion() {
    ParentBlock head = grow(chain.genesis(), 15);
    history.firstNonceSince(0, RELAY, head);
    int before = chain.reads;
    history.firstNonceSince(0, RELAY, head);
    assertEquals(before, chain.reads);
    history.firstNonceSince(0, RELAY, grow(head, 1));
    assertEquals(before + 1, chain.reads);
  }

  @Test
  void aBlockThatIsNotThereIsAFaultAndNoAnswer() {
    ParentBlock head = grow(chain.genesis(), 5);
    chain.forget("block 3");
    assertThrows(IllegalStateException.class, () -> history.firstNonceSince(0, RELAY, head));
    assertThrows(IllegalStateException.class, () -> history.firstNonceSince(0, RELAY, head));
    assertEquals(OptionalLong.of(40), history.firstNonceSince(4, RELAY, head));
  }

  /** Random chains with branches and changing periods, against plain counting. */
  @RepeatedTest(50)
  void countsAsPlainCountingDoes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<ParentBlock> heads = new ArrayList<>(List.of(chain.genesis()));
    Map<String, long[]> nonces = new HashMap<>(Map.of("genesis", new long[3]));
    for (int i = 0; i < 200; i++) {
      ParentBlock parent = heads.get(Math.max(0, heads.size() - 1 - random.nextInt(random.nextInt(4) == 0 ? 6 : 1)));
      long[] next = nonces.get(parent.hash()).clone();
      List<SentBlock.Sent> sent = new ArrayList<>();
      for (int t = random.nextInt(4); t > 0; t--) {
        int sender = random.nextInt(3);
        sent.add(new SentBlock.Sent(Transactions.address(sender + 1), next[sender]++));
      }
      ParentBlock head = chain.append(parent, "block " + i, sent);
      nonces.put(head.hash(), next);
      heads.add(head);
      long period = random.nextInt(5) == 0 ? 7 : 20;
      long since = (head.number() + 1) / period * period;
      for (int sender = 1; sender <= 3; sender++) {
        Address address = Transactions.address(sender);
        assertEquals(
            chain.firstNonceSince(since, address, head), history.firstNonceSince(since, address, head), "block " + i);
      }
    }
  }

  @Test
  void usageCountsFromThePeriodsBeginning() {
    ParentBlock head = grow(chain.genesis(), 25);
    FakeState state = new FakeState().period(10).nonce(RELAY, 251).admit(RELAY, Kind.RELAY, 0, 60, SystemAddresses.ENTRY_POINT);
    ParentBlock parent = new ParentBlock(head.number(), head.hash(), state);
    Allowances.Usage usage = new Allowances(history).usage(RELAY, parent);
    assertEquals(200, usage.firstNonce());
    assertEquals(30, usage.nextPeriod());
    assertEquals(60, usage.sender().allowance());
  }

  @Test
  void aSenderThatWasQuietHasUsedNothing() {
    ParentBlock head = grow(chain.genesis(), 25);
    Address quiet = Transactions.address(2);
    ParentBlock parent = new ParentBlock(head.number(), head.hash(), new FakeState().period(10).nonce(quiet, 77));
    assertEquals(77, new Allowances(history).usage(quiet, parent).firstNonce());
  }
}
