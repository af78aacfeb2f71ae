package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pool does about the holders that it looks at. */
class PoolCheckTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration PERIOD = PoolState.CHECK_EVERY;
  private static final Holder RUN = new Holder("grind-1", "first", "first");
  private static final Holder OTHER = new Holder("grind-2", "other", "other");

  private final PoolAllocations pool = new PoolAllocations(PoolState.undeclared().withSlots(4), 1);

  @Test
  void freesWhatAClosedRunHadAndWaitedForAndKeepsTheOthers() {
    ask("gone", 4, 3);
    ask("gone too", 4, 3);
    pool.acquire(OTHER, request("there", 4, 3), NOON);
    pool.grant(NOON);
    assertThat(pool.isCheckDue(NOON)).isFalse();
    Instant due = NOON.plus(PERIOD);
    assertThat(pool.isCheckDue(due)).isTrue();
    assertThat(pool.holders()).containsExactly(RUN, OTHER);

    pool.checked(
        List.of(HolderState.closed(RUN, NOON), HolderState.open(OTHER, OTHER.runId())), due);
    pool.grant(due);

    assertThat(pool.leases()).extracting(PoolEntry::leaseId).containsExactly("there");
    assertThat(pool.waiting()).isEmpty();
    assertThat(pool.nextCheckAt()).isEqualTo(due.plus(PERIOD));
  }

  @Test
  void keepsTheSlotsOfATerminatedRunWhileItsTaskMayStillRun() {
    Duration linger = Duration.ofSeconds(30);
    pool.acquire(RUN, new SlotRequest("a", "a", 4, 3, linger), NOON);
    pool.grant(NOON);
    Instant closed = NOON.plusSeconds(59);
    Instant due = NOON.plus(PERIOD);

    pool.checked(List.of(HolderState.closed(RUN, closed)), due);
    assertThat(pool.used()).isEqualTo(4);
    assertThat(pool.nextCheckAt()).isEqualTo(closed.plus(linger));

    pool.checked(List.of(HolderState.closed(RUN, closed)), closed.plus(linger));
    assertThat(pool.isEmpty()).isTrue();
    assertThat(pool.nextCheckAt()).isNull();
  }

  @Test
  void tellsTheNextRunOfAChainWhatTheChainHolds() {
    ask("a", 4, 3);
    pool.grant(NOON);
    tell();
    Instant due = NOON.plus(PERIOD);

    pool.checked(List.of(HolderState.open(RUN, "second")), due);
    assertThat(pool.untold())
        .containsExactly(new HolderReports("grind-1", List.of(PoolAnswer.granted("a"))));
    tell();

    pool.checked(List.of(HolderState.open(RUN, "second")), due.plus(PERIOD));
    assertThat(pool.untold()).isEmpty();
    assertThat(pool.used()).isEqualTo(4);
  }

  @Test
  void looksSoonAfterThoseItCouldNotTell() {
    ask("a", 4, 3);
    pool.grant(NOON);
    Instant soon = NOON.plusSeconds(5);

    pool.told(pool.state(), List.of("grind-1"), soon);

    assertThat(pool.nextCheckAt()).isEqualTo(soon);
    assertThat(pool.untold()).hasSize(1);
  }

  @Test
  void aRequestThatComesWhileItIsBeingAnsweredIsAnsweredToTheNewRun() {
    ask("a", 4, 3);
    pool.grant(NOON);
    PoolState before = pool.state();
    Holder reset = new Holder("grind-1", "first", "second");

    pool.acquire(reset, request("a", 4, 3), NOON);
    pool.told(before, List.of(), NOON);

    assertThat(pool.untold()).hasSize(1);
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
