package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.pool.PoolAllocationsPropertyTest.Acquire;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Check;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Close;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.ContinueAsNew;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Release;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Reset;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Resize;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Step;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Tell;
import io.millrace.engine.pool.PoolAllocationsPropertyTest.Wait;
import io.temporal.common.converter.DefaultDataConverter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The runs and the clock around a pool; checks it after every step. */
final class PoolWorld {

  PoolAllocations pool = new PoolAllocations(PoolState.undeclared().withSlots(5), 1);
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final int[] resets = new int[PoolAllocationsPropertyTest.RUNS];
  private final int[] incarnations = new int[PoolAllocationsPropertyTest.RUNS];
  private final Map<String, Instant> closed = new HashMap<>();
  private final Map<String, Integer> arrivals = new HashMap<>();
  private int arrival;

  void take(Step step) {
    apply(step);
    if (!(step instanceof ContinueAsNew)) {
      grant();
    }
    check();
  }

  private void apply(Step step) {
    if (step instanceof Acquire acquire) {
      acquire(acquire);
    } else if (step instanceof Release release) {
      pool.release("lease-" + release.lease());
    } else if (step instanceof Resize resize) {
      pool.resize(resize.slots());
    } else if (step instanceof Close close) {
      closed.put(holder(close.run()).firstRunId(), now);
      incarnations[close.run()]++;
    } else if (step instanceof Reset reset) {
      resets[reset.run()]++;
    } else if (step instanceof Wait wait) {
      now = now.plusSeconds(wait.seconds());
      look();
    } else if (step instanceof Tell tell) {
      pool.told(pool.state(), List.of("run-" + tell.unreachable()), now.plusSeconds(5));
    } else if (step instanceof Check) {
      pool.checked(pool.holders().stream().map(this::state).toList(), now);
    } else if (step instanceof ContinueAsNew) {
      continueAsNew();
    }
  }

  private void acquire(Acquire step) {
    String id = "lease-" + step.lease();
    SlotRequest request =
        new SlotRequest(id, id, step.slots(), step.priority(), Duration.ofSeconds(step.linger()));
    boolean known = entries().stream().anyMatch(entry -> entry.request().equals(request));
    pool.acquire(holder(step.run()), request, now);
    if (!known) {
      arrivals.put(id, arrival++);
    }
  }

  void release(String leaseId) {
    pool.release(leaseId);
    grant();
    check();
  }

  private void look() {
    if (pool.isCheckDue(now)) {
      pool.checked(pool.holders().stream().map(this::state).toList(), now);
    }
  }

  private HolderState state(Holder holder) {
    Instant closedAt = closed.get(holder.firstRunId());
    return closedAt == null
        ? HolderState.open(holder, holder(number(holder)).runId())
        : HolderState.closed(holder, closedAt);
  }

  private static int number(Holder holder) {
    return Integer.parseInt(holder.workflowId().substring("run-".length()));
  }

  private Holder holder(int run) {
    String chain = "%d.%d".formatted(run, incarnations[run]);
    return new Holder("run-" + run, chain, "%s.%d".formatted(chain, resets[run]));
  }

  private void continueAsNew() {
    PoolState before = pool.state();
    PoolState after =
        DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
            DefaultDataConverter.STANDARD_INSTANCE.toPayload(before).orElseThrow(),
            PoolState.class,
            PoolState.class);
    assertThat(after).isEqualTo(before);
    pool = new PoolAllocations(after, 1);
    assertThat(pool.state()).isEqualTo(before);
  }

  /** Grants, and sees that it was in order and not too much. */
  private void grant() {
    Set<String> before = ids(pool.leases());
    pool.grant(now);
    List<PoolEntry> granted =
        pool.leases().stream().filter(lease -> !before.contains(lease.leaseId())).toList();
    if (!granted.isEmpty()) {
      assertThat(pool.used()).isLessThanOrEqualTo(pool.slots());
    }
    for (PoolEntry waiting : pool.waiting()) {
      assertThat(granted).allMatch(lease -> order().compare(lease, waiting) < 0);
    }
  }

  private void check() {
    List<PoolEntry> waiting = pool.waiting();
    assertThat(waiting).isSortedAccordingTo(order());
    assertThat(entries()).extracting(PoolEntry::leaseId).doesNotHaveDuplicates();
    assertThat(pool.used())
        .isEqualTo(pool.leases().stream().mapToInt(lease -> lease.request().slots()).sum());
    if (!waiting.isEmpty()) {
      assertThat(waiting.get(0).request().slots())
          .as("the next in line, while %d of %d slots are used", pool.used(), pool.slots())
          .isGreaterThan(pool.slots() - pool.used());
    }
    if (!pool.isEmpty()) {
      assertThat(pool.nextCheckAt()).isNotNull();
    }
  }

  private Comparator<PoolEntry> order() {
    return Comparator.<PoolEntry>comparingInt(entry -> entry.request().priority())
        .thenComparingInt(entry -> arrivals.get(entry.leaseId()));
  }

  private List<PoolEntry> entries() {
    List<PoolEntry> all = new ArrayList<>(pool.leases());
    all.addAll(pool.waiting());
    return all;
  }

  private static Set<String> ids(Iterable<PoolEntry> entries) {
    Set<String> ids = new HashSet<>();
    entries.forEach(entry -> ids.add(entry.leaseId()));
    return ids;
  }

  /** The pool's own alarm is the only thing that happens any more. */
  void everyRunCloses() {
    for (int run = 0; run < PoolAllocationsPropertyTest.RUNS; run++) {
      take(new Close(run));
    }
    Duration longest = PoolState.CHECK_EVERY.plusSeconds(90);
    Instant end = now.plus(longest).plus(longest);
    while (pool.nextCheckAt() != null && !pool.nextCheckAt().isAfter(end)) {
      now = pool.nextCheckAt().isAfter(now) ? pool.nextCheckAt() : now;
      look();
      grant();
      check();
    }
  }
}
