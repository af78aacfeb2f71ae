package io.millrace.serving.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may send requests, and how many.
 *
 * @param keys the file of {@link ApiKeys}; null lets everybody do everything
 * @param perKey for each key
 * @param perAddress for each remote address without a key; behind a proxy that is the proxy's, so
 *     leave it {@link RateLimit#NONE} there
 */
public record AccessOptions(@Nullable Path keys, RateLimit perKey, RateLimit perAddress) {
  /** No keys and no limits. */
  public static final AccessOptions OPEN = new AccessOptions(null, RateLimit.NONE, RateLimit.NONE);

  boolean isOpen() {
    return keys == null && !perKey.limits() && !perAddress.limits();
  }
}
