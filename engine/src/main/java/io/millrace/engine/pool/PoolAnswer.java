package io.millrace.engine.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a pool says to a request.
 *
 * @param leaseId the request
 * @param refusal why it can never be met, or null: it is granted
 */
public record PoolAnswer(String leaseId, @Nullable String refusal) {

  static PoolAnswer granted(String leaseId) {
    return new PoolAnswer(leaseId, null);
  }
}
