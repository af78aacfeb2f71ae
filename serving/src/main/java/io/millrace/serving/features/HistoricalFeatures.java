package io.millrace.serving.features;

import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads features as they were, for training sets. */
@FunctionalInterface
public interface HistoricalFeatures {

  /**
   * The rows of several moments in one call.
   *
   * @return in the moments' order; null where nothing was known
   * @throws RuntimeException if the warehouse does not answer in time, saying so
   */
  List<@Nullable OnlineRow> find(List<FeatureMoment> moments);
}
