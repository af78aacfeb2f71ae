package io.millrace.serving.features;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the online store. */
public interface OnlineFeatures {

  /**
   * The rows of several keys in one call.
   *
   * @return in the keys' order; null where the store has none, or it has outlived its time
   * @throws io.millrace.serving.http.Problem 503 if the store does not answer in time
   */
  List<@Nullable OnlineRow> find(List<OnlineKey> keys);
}
