package io.millrace.serving.features;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads the online store. */
public interface OnlineFeatures {

  /**
   * Asks for the rows of several keys in one call. No thread waits for the answer.
   *
   * @param threads read the answer, and go on with it
   * @return in the keys' order; null where the store has none, or it has outlived its time. Fails
   *     with a {@link io.millrace.serving.http.Problem} 503 if the store does not answer in time
   */
  CompletableFuture<List<@Nullable OnlineRow>> find(List<OnlineKey> keys, Executor threads);
}
