package io.millrace.engine.pool;

import java.util.List;
import java.util.Objects;

/**
 * What a run sends to a pool in one signal.
 *
 * @param holder the run
 * @param release ids of the leases that it gives back, and of the requests that it withdraws
 * @param acquire what it asks for
 */
public record PoolRequest(Holder holder, List<String> release, List<SlotRequest> acquire) {

  /** Refuses what is incomplete: a signal that cannot be decoded is dropped, and harms no pool. */
  public PoolRequest {
    Objects.requireNonNull(holder, "holder");
    release = List.copyOf(release);
    acquire = List.copyOf(acquire);
  }
}
