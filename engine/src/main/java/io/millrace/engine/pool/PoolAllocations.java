package io.millrace.engine.pool;

import io.millrace.engine.pool.PoolState.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pool's book: who uses how many slots and who waits for how many, with no clock and no server.
 *
 * <p>Slots are granted by priority, then in the order of arrival. The first in line waits until
 * what it wants is free, and none overtakes it, so that a heavy request is not starved by light
 * ones. The leases never take more slots than there are, unless the pool has been made smaller.
 */
final class PoolAllocations {

  /** More leases and requests than this would outgrow the input of the next run. */
  static final int MAX_ENTRIES = 3_000;

  private final PoolState settings;
  private final int undeclaredSlots;
  private final Map<String, PoolEntry> leases = new LinkedHashMap<>();
  private final PoolQueue queue = new PoolQueue();
  private final List<Refusal> refusals = new ArrayList<>();
  private @Nullable Integer declared;
  private @Nullable Instant nextCheckAt;
  private @Nullable String description;
  private boolean closing;

  /**
   * Opens the book.
   *
   * @param undeclaredSlots the size until one is declared
   */
  PoolAllocations(PoolState state, int undeclaredSlots) {
    this.settings = state;
    this.undeclaredSlots = undeclaredSlots;
    this.declared = state.slots();
    this.nextCheckAt = state.nextCheckAt();
    this.description = state.description();
    state.leases().forEach(lease -> leases.put(lease.leaseId(), lease));
    state.waiting().forEach(queue::put);
    refusals.addAll(state.refusals());
  }

  /** All of it, for the next run of the workflow. */
  PoolState state() {
    return new PoolState(
        declared,
        settings.checkEvery(),
        settings.maxEvents(),
        List.copyOf(leases.values()),
        waiting(),
        refusals,
        nextCheckAt,
        description);
  }

  int slots() {
    return declared == null ? undeclaredSlots : declared;
  }

  boolean isDeclared() {
    return declared != null;
  }

  @Nullable String description() {
    return description;
  }

  /** Says what the slots stand for. */
  void describe(@Nullable String text) {
    description = text == null || text.isBlank() ? null : text.strip();
  }

  int used() {
    return leases.values().stream().mapToInt(lease -> lease.request().slots()).sum();
  }

  Collection<PoolEntry> leases() {
    return List.copyOf(leases.values());
  }

  /** What waits, the next first. */
  List<PoolEntry> waiting() {
    return queue.all();
  }

  boolean isEmpty() {
    return leases.isEmpty() && queue.size() == 0;
  }

  /** Sets the size. Leases stay; requests that can never be met now are refused. */
  void resize(int slots) {
    declared = slots;
    for (PoolEntry entry : waiting()) {
      String refusal = tooLarge(entry.request());
      if (refusal != null) {
        release(entry.leaseId());
        refusals.add(new Refusal(entry.holder(), entry.leaseId(), refusal));
      }
    }
  }

  /** Refuses every new request from now on; what waits is still served. */
  void close() {
    closing = true;
  }

  boolean isClosed() {
    return closing && isEmpty();
  }

  /** Queues a request, or refuses it. The same again changes nothing, but is answered again. */
  void acquire(Holder holder, SlotRequest request, Instant now) {
    PoolEntry lease = leases.get(request.leaseId());
    if (lease != null && lease.request().equals(request)) {
      leases.put(request.leaseId(), lease.toTell(holder));
      return;
    }
    PoolEntry waiting = queue.find(request.leaseId());
    if (waiting != null && waiting.request().equals(request)) {
      queue.put(waiting.toTell(holder));
      return;
    }
    // The same id for something else: the run was reset, and has come another way.
    release(request.leaseId());
    String refusal = refusal(request);
    if (refusal == null) {
      queue.put(PoolEntry.waiting(holder, request, now));
    } else {
      refusals.add(new Refusal(holder, request.leaseId(), refusal));
    }
  }

  /** Gives a lease back, or withdraws a request; an unknown one is no error. */
  void release(String leaseId) {
    leases.remove(leaseId);
    queue.remove(leaseId);
  }

  /** Turns requests into leases while the next in line fits. */
  void grant(Instant now) {
    int free = slots() - used();
    PoolEntry next = queue.next();
    while (next != null && next.request().slots() <= free) {
      release(next.leaseId());
      leases.put(next.leaseId(), next.granted(now));
      free -= next.request().slots();
      next = queue.next();
    }
    if (nextCheckAt == null && !isEmpty()) {
      nextCheckAt = now.plus(settings.checkEvery());
    }
  }

  /** The grants and refusals that have not been sent to their holders yet. */
  List<HolderReports> untold() {
    return HolderReports.gather(leases.values(), refusals);
  }

  /**
   * Notes which holders were sent to.
   *
   * @param before the book as it was when the answers were sent
   * @param unreachable the workflow ids of those that could not be sent to: they are looked at soon
   * @param checkAt when
   */
  void told(PoolState before, Collection<String> unreachable, Instant checkAt) {
    for (PoolEntry lease : before.leases()) {
      // One that has changed meanwhile was asked for again, and is sent again.
      if (!unreachable.contains(lease.holder().workflowId())
          && lease.equals(leases.get(lease.leaseId()))) {
        leases.put(lease.leaseId(), lease.hasBeenTold());
      }
    }
    refusals.removeAll(before.refusals());
    if (!unreachable.isEmpty() && nextCheckAt != null && nextCheckAt.isAfter(checkAt)) {
      nextCheckAt = checkAt;
    }
  }

  @Nullable Instant nextCheckAt() {
    return nextCheckAt;
  }

  boolean isCheckDue(Instant now) {
    return nextCheckAt != null && !nextCheckAt.isAfter(now);
  }

  /** Every run that has a lease or waits for one, each once. */
  List<Holder> holders() {
    return Stream.concat(leases.values().stream(), queue.all().stream())
        .map(PoolEntry::holder)
        .distinct()
        .toList();
  }

  /**
   * Notes how the holders are. What a closed one waited for is withdrawn, and what it had comes
   * back once it has lingered. An open one keeps what it has; if another run of its chain is open
   * now, that one is sent its leases, and gives back those that it does not know.
   */
  void checked(List<HolderState> states, Instant now) {
    Instant next = now.plus(settings.checkEvery());
    for (HolderState state : states) {
      if (state.closedAt() != null) {
        queue.removeIf(entry -> isOf(entry, state));
      }
      for (PoolEntry lease : List.copyOf(leases.values())) {
        if (isOf(lease, state)) {
          Instant again = checked(lease, state, now);
          next = again != null && again.isBefore(next) ? again : next;
        }
      }
    }
    nextCheckAt = isEmpty() ? null : next;
  }

  /** Returns when to look again, if sooner than usual. */
  private @Nullable Instant checked(PoolEntry lease, HolderState state, Instant now) {
    if (state.closedAt() != null) {
      Instant freeAt = state.closedAt().plus(lease.request().linger());
      if (freeAt.isAfter(now)) {
        return freeAt;
      }
      leases.remove(lease.leaseId());
    } else if (state.currentRunId() != null
        && !state.currentRunId().equals(lease.holder().runId())) {
      Holder old = lease.holder();
      Holder current = new Holder(old.workflowId(), old.firstRunId(), state.currentRunId());
      leases.put(lease.leaseId(), lease.toTell(current));
    }
    return null;
  }

  private static boolean isOf(PoolEntry entry, HolderState state) {
    return entry.holder().isSameRunAs(state.holder());
  }

  private @Nullable String refusal(SlotRequest request) {
    if (request.slots() < 1
        || request.priority() < 1
        || request.priority() > PoolQueue.PRIORITIES) {
      return "slots must be 1 or more and the priority 1 to %d, not %d and %d"
          .formatted(PoolQueue.PRIORITIES, request.slots(), request.priority());
    }
    if (closing) {
      return "it was cancelled, and ends when nothing uses it any more: ask again then";
    }
    if (leases.size() + queue.size() >= MAX_ENTRIES) {
      return "%d requests use it or wait, and more do not fit in it: ask for fewer at a time"
          .formatted(MAX_ENTRIES);
    }
    return tooLarge(request);
  }

  /** A pool of no slots holds everything back until it has some; then it is known what fits. */
  private @Nullable String tooLarge(SlotRequest request) {
    if (slots() == 0 || request.slots() <= slots()) {
      return null;
    }
    return "task %s wants %d slots and the pool has %d%s: claim fewer, or make it larger"
        .formatted(
            request.task(),
            request.slots(),
            slots(),
            isDeclared() ? "" : ", because nobody has declared its size");
  }
}
