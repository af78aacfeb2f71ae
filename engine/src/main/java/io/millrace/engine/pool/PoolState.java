package io.millrace.engine.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a pool knows: the input of its workflow, which it carries over every continue-as-new.
 *
 * @param slots its size, or null if not declared
 * @param checkEvery how long a lease holds before the pool looks whether its holder is still there
 * @param maxEvents the history length at which the pool continues as new, or 0 for when the server
 *     suggests it
 * @param leases what is in use
 * @param waiting what waits, in the order in which it will be granted
 * @param refusals what has been refused and not been sent yet
 * @param nextCheckAt when the holders are looked at next, or null if there are none
 * @param description what its slots stand for, or null if not given
 */
public record PoolState(
    @Nullable Integer slots,
    Duration checkEvery,
    int maxEvents,
    List<PoolEntry> leases,
    List<PoolEntry> waiting,
    List<Refusal> refusals,
    @Nullable Instant nextCheckAt,
    @Nullable String description) {

  /** How long a lease of a holder that has gone stays at most. */
  static final Duration CHECK_EVERY = Duration.ofMinutes(1);

  public PoolState {
    leases = List.copyOf(leases);
    waiting = List.copyOf(waiting);
    refusals = List.copyOf(refusals);
  }

  /** A pool that was not declared. */
  static PoolState undeclared() {
    return new PoolState(null, CHECK_EVERY, 0, List.of(), List.of(), List.of(), null, null);
  }

  PoolState withSlots(int size) {
    return new PoolState(
        size, checkEvery, maxEvents, leases, waiting, refusals, nextCheckAt, description);
  }

  PoolState withLimits(Duration period, int events) {
    return new PoolState(
        slots, period, events, leases, waiting, refusals, nextCheckAt, description);
  }

  /**
   * A request that can never be met.
   *
   * @param why the reason, for the task's failure
   */
  public record Refusal(Holder holder, String leaseId, String why) {}
}
