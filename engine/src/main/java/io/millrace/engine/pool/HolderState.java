package io.millrace.engine.pool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a holder is, as the server says.
 *
 * @param holder the one that was asked about
 * @param currentRunId the run of its chain that is open, or null if it is closed
 * @param closedAt when it was closed, {@link Instant#EPOCH} if the server knows it no more; null if
 *     it is open
 */
public record HolderState(
    Holder holder, @Nullable String currentRunId, @Nullable Instant closedAt) {

  static HolderState open(Holder holder, String currentRunId) {
    return new HolderState(holder, currentRunId, null);
  }

  static HolderState closed(Holder holder, Instant closedAt) {
    return new HolderState(holder, null, closedAt);
  }
}
