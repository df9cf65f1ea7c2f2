package org.brop.plugin.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.allowance.Allowances;
import org.brop.plugin.allowance.SenderHistory;
import org.brop.plugin.allowance.SentBlock;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.support.FakeState;
import org.brop.plugin.support.Transactions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
  private static final Address OPERATOR = Transactions.address(1);
  private static final Address SEAT = Transactions.address(2);
  private static final Address RELAY = Transactions.address(3);
  private static final Address STRANGER = Transactions.address(4);
  private static final Address COUNCIL = Address.of("0x000000000000000000000000000000000000b003");
  private static final Address ENTRY_POINT = SystemAddresses.ENTRY_POINT;
  private static final Address NOWHERE = Transactions.address(0);

  private final FakeState state =
      new FakeState()
          .period(100)
          .admit(OPERATOR, Kind.OPERATOR, 0, 1_000, NOWHERE)
          .admit(SEAT, Kind.SEAT, 0, 1_000, COUNCIL)
          .admit(RELAY, Kind.RELAY, 0, 1_000, ENTRY_POINT);
  private final ParentBlock parent = state.after(10);

  private Optional<Refusal> check(DirectTransaction transaction) {
    return check(transaction, Activations.always());
  }

  private Optional<Refusal> check(DirectTransaction transaction, Activations activations) {
    SenderHistory empty = new SenderHistory(RulesTest::emptyBlock);
    return new RuleSet(activations, new Allowances(empty)).check(transaction, parent);
  }

  private static Optional<SentBlock> emptyBlock(String hash) {
    long number = Long.parseLong(hash.substring(2));
    return Optional.of(new SentBlock(number, hash, "0x" + (number - 1), List.of()));
  }

  private void assertPasses(DirectTransaction transaction) {
    assertEquals(Optional.empty(), check(transaction));
  }

  private void assertRefused(DirectTransaction transaction, String code) {
    assertEquals(Optional.of(code), check(transaction).map(Refusal::code));
  }

  @Test
  void anOperatorCallsAnythingAndCreatesContracts() {
    assertPasses(Transactions.call(OPERATOR, STRANGER, ""));
    assertPasses(Transactions.creation(OPERATOR));
  }

  @Test
  void nobodyElseCreatesContracts() {
    for (Address sender : new Address[] {SEAT, RELAY, STRANGER}) {
      assertRefused(Transactions.creation(sender), "deployment.refused");
    }
  }

  @Test
  void aSeatWithoutATargetCanNotCreateEither() {
    Address sender = Transactions.address(9);
    state.admit(sender, Kind.SEAT, 0, 10, NOWHERE);
    assertRefused(Transactions.creation(sender), "deployment.refused");
    assertRefused(Transactions.call(sender, NOWHERE, ""), "sender.target-refused");
  }

  @Test
  void aStrangerSendsNothing() {
    assertRefused(Transactions.bundle(STRANGER, 0), "sender.not-admitted");
    assertRefused(Transactions.call(STRANGER, COUNCIL, ""), "sender.not-admitted");
  }

  @Test
  void aSeatCallsCouncilOnly() {
    assertPasses(Transactions.call(SEAT, COUNCIL, "12345678"));
    assertPasses(Transactions.call(SEAT, COUNCIL, ""));
    assertRefused(Transactions.bundle(SEAT, 0), "sender.target-refused");
  }

  @Test
  void aRelayCallsHandleOpsOfEntryPointOnly() {
    assertPasses(Transactions.bundle(RELAY, 0));
    assertRefused(Transactions.call(RELAY, COUNCIL, Transactions.HANDLE_OPS), "sender.target-refused");
    assertRefused(Transactions.call(RELAY, ENTRY_POINT, "b760faf9"), "sender.target-refused");
    assertRefused(Transactions.call(RELAY, ENTRY_POINT, "765e82"), "sender.target-refused");
    assertRefused(Transactions.call(RELAY, ENTRY_POINT, ""), "sender.target-refused");
  }

  @Test
  void aSenderIsAdmittedFromItsBlockOn() {
    state.admit(RELAY, Kind.RELAY, 11, 10, ENTRY_POINT);
    assertPasses(Transactions.bundle(RELAY, 0));
    state.admit(RELAY, Kind.RELAY, 12, 10, ENTRY_POINT);
    assertRefused(Transactions.bundle(RELAY, 0), "sender.not-admitted");
    assertTrue(check(Transactions.bundle(RELAY, 0)).orElseThrow().words().contains("block 12"));
    state.admit(OPERATOR, Kind.OPERATOR, 12, 10, NOWHERE);
    assertRefused(Transactions.creation(OPERATOR), "sender.not-admitted");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ordinaryTypesAreAccepted(int type) {
    assertPasses(Transactions.ofType(type, RELAY));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 127})
  void otherTypesAreRefusedEvenFromAnOperator(int type) {
    assertRefused(Transactions.ofType(type, RELAY), "transaction.type-refused");
    assertRefused(Transactions.ofType(type, OPERATOR), "transaction.type-refused");
  }

  @Test
  void theAllowanceEndsWithItsLastTransaction() {
    state.admit(RELAY, Kind.RELAY, 0, 3, ENTRY_POINT).nonce(RELAY, 40);
    assertPasses(Transactions.bundle(RELAY, 40));
    assertPasses(Transactions.bundle(RELAY, 42));
    assertRefused(Transactions.bundle(RELAY, 43), "sender.allowance-exhausted");
    assertTrue(check(Transactions.bundle(RELAY, 43)).orElseThrow().words().contains("until block 100"));
  }

  @Test
  void anAllowanceOfNothingPermitsNothing() {
    state.admit(OPERATOR, Kind.OPERATOR, 0, 0, NOWHERE);
    assertRefused(Transactions.call(OPERATOR, COUNCIL, ""), "sender.allowance-exhausted");
  }

  @Test
  void aRuleThatDoesNotHoldYetRefusesNothing() {
    DirectTransaction creation = Transactions.creation(STRANGER);
    Activations later = Activations.parse("creation:12,admission:12");
    assertEquals(Optional.empty(), check(creation, later));
    Activations now = Activations.parse("creation:11,admission:12");
    assertEquals(RuleName.CREATION, check(creation, now).orElseThrow().rule());
    Activations withoutCreation = Activations.parse("creation:12,admission:11");
    assertEquals(RuleName.ADMISSION, check(creation, withoutCreation).orElseThrow().rule());
  }

  @Test
  void theSenderReadsCodeAndWords() {
    assertEquals(
        "deployment.refused: only the operator may create contracts",
        check(Transactions.creation(STRANGER)).orElseThrow().toString());
  }
}
