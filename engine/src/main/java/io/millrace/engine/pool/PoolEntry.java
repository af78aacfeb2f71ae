package io.millrace.engine.pool;

import java.time.Instant;

/**
 * A request that waits in a pool, or the lease that it became.
 *
 * @param holder the run that asked
 * @param request what it asked for
 * @param since when it came to wait, or was granted
 * @param told whether the holder knows of the grant; false while it waits
 */
public record PoolEntry(Holder holder, SlotRequest request, Instant since, boolean told) {

  static PoolEntry waiting(Holder holder, SlotRequest request, Instant now) {
    return new PoolEntry(holder, request, now, false);
  }

  PoolEntry granted(Instant now) {
    return new PoolEntry(holder, request, now, false);
  }

  PoolEntry toTell(Holder newHolder) {
    return new PoolEntry(newHolder, request, since, false);
  }

  PoolEntry hasBeenTold() {
    return new PoolEntry(holder, request, since, true);
  }

  String leaseId() {
    return request.leaseId();
  }
}
