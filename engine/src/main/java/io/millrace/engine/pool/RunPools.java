package io.millrace.engine.pool;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pools as one run sees them. For workflow code; one object a run, made when it begins.
 *
 * <pre>{@code
 * RunPools pools = new RunPools();
 * Promise<Loaded> loaded = pools.during(Claim.of("warehouse", 2, "load"), () -> startLoading());
 * ...
 * pools.close();                        // at the end, however the run ends
 * }</pre>
 *
 * <p>Nothing here blocks but {@link #close} and {@link #carry}, and no thread is held while a
 * request waits. Whatever happens to the run, its slots come back: when the work ends, when the
 * scope is cancelled, when the run closes; and when it is terminated or times out, within the
 * pool's period.
 */
public final class RunPools {

  /** The failure type of a claim that a pool can never meet. */
  public static final String REFUSED = "PoolRefused";

  private static final int MAX_TASK = 100;

  private final Holder holder = Holder.ofCurrentRun();
  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final Map<String, PoolOutbox> outboxes = new LinkedHashMap<>();
  private int requests;

  /** Begins to listen to what pools answer. */
  public RunPools() {
    this(List.of());
  }

  /**
   * Begins with the leases of the run that continued as this one.
   *
   * @param carried what {@link #carry} returned there
   */
  public RunPools(List<CarriedLease> carried) {
    for (CarriedLease lease : carried) {
      Lease adopted = new Lease(this, lease.leaseId(), lease.pool());
      adopted.grant();
      leases.put(lease.leaseId(), adopted);
    }
    Workflow.registerListener(new Answers());
  }

  /**
   * A lease that goes over a continue-as-new.
   *
   * @param leaseId names it in its pool
   */
  public record CarriedLease(String pool, String leaseId) {}

  /** Asks for slots. The current cancellation scope withdraws the request if it still waits. */
  public Lease acquire(Claim claim) {
    String id = nextId(claim);
    Lease lease = new Lease(this, id, claim.pool());
    leases.put(id, lease);
    outbox(claim.pool())
        .acquire(
            new SlotRequest(
                id, shorten(claim.task()), claim.slots(), claim.priority(), claim.linger()));
    CancellationScope.current()
        .getCancellationRequest()
        .thenApply(
            reason -> {
              if (!lease.granted().isCompleted()) {
                lease.release();
              }
              return null;
            });
    return lease;
  }

  /**
   * The id survives a reset, which changes the run's own, so that a repeated request is recognized.
   * It says what is asked for, so that a run that was set back and went another way cannot take a
   * grant for something else as its own.
   */
  private String nextId(Claim claim) {
    return "%s/%d/%d/%x"
        .formatted(
            Workflow.getInfo().getOriginalExecutionRunId(),
            ++requests,
            claim.slots(),
            claim.task().hashCode());
  }

  /**
   * Does something while it holds slots: asks, starts the work when they are granted, and gives
   * them back when it has ended, however that was.
   *
   * @param work starts it; is not called if the slots are refused or the scope is cancelled first
   * @return ends as the work does, or fails as {@link Lease#granted}
   */
  public <T> Promise<T> during(Claim claim, Functions.Func<Promise<T>> work) {
    CompletablePromise<T> result = Workflow.newPromise();
    // An answer comes in another thread: the work must still be cancelled with who asked for it.
    CancellationScope asking = CancellationScope.current();
    Lease lease = acquire(claim);
    lease
        .granted()
        .handle(
            (granted, failure) -> {
              if (failure == null) {
                CancellationScope working =
                    Workflow.newDetachedCancellationScope(() -> result.completeFrom(started(work)));
                working.run();
                asking.getCancellationRequest().thenApply(reason -> cancel(working, reason));
              } else {
                result.completeExceptionally(failure);
              }
              return null;
            });
    return result.handle(
        (value, failure) -> {
          lease.release();
          if (failure != null) {
            throw failure;
          }
          return value;
        });
  }

  private static <T> Promise<T> started(Functions.Func<Promise<T>> work) {
    try {
      return work.apply();
    } catch (RuntimeException e) {
      return Workflow.newFailedPromise(e);
    }
  }

  private static Void cancel(CancellationScope scope, String reason) {
    scope.cancel(reason);
    return null;
  }

  /** The leases that are this run's now. */
  public List<Lease> held() {
    return leases.values().stream().filter(Lease::isGranted).toList();
  }

  /**
   * Gives everything back and waits until the pools know. To be called before the run ends, also in
   * a cancelled one; what is not given back so comes back at the pool's next check.
   */
  public void close() {
    List.copyOf(leases.values()).forEach(Lease::release);
    settle();
  }

  /**
   * Withdraws what waits, and returns what is held, for the run that this one continues as. It
   * waits until the pools know.
   */
  public List<CarriedLease> carry() {
    for (Lease lease : List.copyOf(leases.values())) {
      if (!lease.isGranted()) {
        lease.release();
      }
    }
    settle();
    return held().stream().map(lease -> new CarriedLease(lease.pool(), lease.id())).toList();
  }

  private void settle() {
    Workflow.newDetachedCancellationScope(
            () -> Workflow.await(() -> outboxes.values().stream().allMatch(PoolOutbox::isEmpty)))
        .run();
  }

  void release(Lease lease) {
    if (leases.remove(lease.id()) != null) {
      outbox(lease.pool()).release(lease.id());
    }
  }

  private PoolOutbox outbox(String pool) {
    return outboxes.computeIfAbsent(pool, name -> new PoolOutbox(name, holder, this::undelivered));
  }

  private void undelivered(String leaseId, RuntimeException why) {
    Lease lease = leases.remove(leaseId);
    if (lease != null) {
      lease.refuse(why);
    }
  }

  private static String shorten(String task) {
    return task.length() <= MAX_TASK ? task : task.substring(0, MAX_TASK - 1) + "…";
  }

  /** Hears the pools. */
  private final class Answers implements PoolListener {

    @Override
    public void answered(String pool, List<PoolAnswer> answers) {
      for (PoolAnswer answer : answers) {
        Lease lease = leases.get(answer.leaseId());
        if (answer.refusal() != null) {
          undelivered(answer.leaseId(), refused(pool, answer.refusal()));
        } else if (lease != null) {
          lease.grant();
        } else {
          // Withdrawn meanwhile, or asked for by a run that this one has replaced.
          outbox(pool).release(answer.leaseId());
        }
      }
    }

    private static ApplicationFailure refused(String pool, String why) {
      return ApplicationFailure.newNonRetryableFailure(
          "Pool '%s' refuses: %s".formatted(pool, why), REFUSED);
    }
  }
}
