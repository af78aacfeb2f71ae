package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolAllocationsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Holder RUN = new Holder("grind-1", "first", "first");

  private final PoolAllocations pool = new PoolAllocations(PoolState.undeclared().withSlots(4), 1);

  @Test
  void grantsByPriorityThenArrival() {
    ask("late", 1, 3);
    ask("later", 1, 3);
    ask("urgent", 1, 1);
    ask("soon", 2, 2);
    pool.grant(NOON);

    assertThat(pool.leases())
        .extracting(PoolEntry::leaseId)
        .containsExactly("urgent", "soon", "late");
    assertThat(pool.waiting()).extracting(PoolEntry::leaseId).containsExactly("later");
    assertThat(pool.used()).isEqualTo(4);
  }

  @Test
  void nobodyOvertakesAHeavyRequest() {
    ask("first", 2, 3);
    pool.grant(NOON);
    ask("heavy", 3, 3);
    ask("light", 1, 3);
    ask("lighter", 1, 5);
    pool.grant(NOON);

    assertThat(pool.leases()).extracting(PoolEntry::leaseId).containsExactly("first");

    pool.release("first");
    pool.grant(NOON);

    assertThat(pool.leases()).extracting(PoolEntry::leaseId).containsExactly("heavy", "light");
  }

  @Test
  void refusesWhatCanNeverBeMet() {
    ask("huge", 5, 3);

    assertThat(pool.isEmpty()).isTrue();
    assertThat(pool.untold())
        .containsExactly(
            new HolderReports(
                "grind-1",
                List.of(
                    new PoolAnswer(
                        "huge",
                        "task huge wants 5 slots and the pool has 4: claim fewer, or make it"
                            + " larger"))));
  }

  @Test
  void aSmallerPoolTakesNothingAwayAndGrantsNothingUntilEnoughCameBack() {
    ask("a", 2, 3);
    ask("b", 2, 3);
    ask("c", 1, 3);
    ask("heavy", 2, 3);
    pool.grant(NOON);
    pool.resize(1);
    pool.grant(NOON);

    assertThat(pool.used()).isEqualTo(4);
    assertThat(pool.waiting()).extracting(PoolEntry::leaseId).containsExactly("c");
    assertThat(pool.untold().get(0).answers())
        .contains(
            new PoolAnswer(
                "heavy",
                "task heavy wants 2 slots and the pool has 1: claim fewer, or make it larger"));

    pool.release("a");
    pool.grant(NOON);
    assertThat(pool.used()).isEqualTo(2);

    pool.release("b");
    pool.grant(NOON);
    assertThat(pool.leases()).extracting(PoolEntry::leaseId).containsExactly("c");
  }

  @Test
  void aPoolWithoutSlotsHoldsEverythingBack() {
    pool.resize(0);
    ask("huge", 9, 3);
    ask("small", 1, 3);
    pool.grant(NOON);
    assertThat(pool.waiting()).hasSize(2);

    pool.resize(4);
    pool.grant(NOON);

    assertThat(pool.leases()).extracting(PoolEntry::leaseId).containsExactly("small");
    assertThat(pool.untold().get(0).answers())
        .extracting(PoolAnswer::leaseId)
        .containsExactly("small", "huge");
  }

  @Test
  void anUndeclaredPoolSaysSoWhenItRefuses() {
    PoolAllocations undeclared = new PoolAllocations(PoolState.undeclared(), 1);

    undeclared.acquire(RUN, request("pair", 2, 3), NOON);

    assertThat(undeclared.untold().get(0).answers().get(0).refusal())
        .isEqualTo(
            "task pair wants 2 slots and the pool has 1, because nobody has declared its size:"
                + " claim fewer, or make it larger");
  }

  @Test
  void theSameRequestAgainIsAnsweredAgainAndTakesNoMore() {
    ask("a", 3, 3);
    pool.grant(NOON);
    tell();
    assertThat(pool.untold()).isEmpty();

    ask("a", 3, 3);
    pool.grant(NOON);

    assertThat(pool.used()).isEqualTo(3);
    assertThat(pool.untold())
        .containsExactly(new HolderReports("grind-1", List.of(PoolAnswer.granted("a"))));
  }

  @Test
  void theSameIdForSomethingElseReplacesIt() {
    ask("a", 3, 3);
    pool.grant(NOON);
    ask("a", 1, 5);
    pool.grant(NOON);

    assertThat(pool.used()).isEqualTo(1);
  }

  @Test
  void aReleaseOfSomethingUnknownOrWaitingIsNoError() {
    ask("a", 4, 3);
    ask("b", 4, 3);
    pool.grant(NOON);
    pool.release("b");
    pool.release("b");
    pool.release("never asked for");
    pool.release("a");
    pool.release("a");

    assertThat(pool.isEmpty()).isTrue();
  }

  @Test
  void refusesMoreThanItCouldCarry() {
    for (int i = 0; i < PoolAllocations.MAX_ENTRIES; i++) {
      ask("task-" + i, 1, 3);
    }
    ask("straw", 1, 1);

    assertThat(pool.waiting()).hasSize(PoolAllocations.MAX_ENTRIES);
    assertThat(pool.untold().get(0).answers().get(0).refusal())
        .startsWith("3000 requests use it or wait");
  }

  private void tell() {
    pool.told(pool.state(), List.of(), NOON);
  }

  private void ask(String leaseId, int slots, int priority) {
    pool.acquire(RUN, request(leaseId, slots, priority), NOON);
  }

  private static SlotRequest request(String leaseId, int slots, int priority) {
    return new SlotRequest(leaseId, leaseId, slots, priority, Duration.ZERO);
  }
}
