package io.millrace.flink;

import io.millrace.core.serving.PredictionMessage;
import java.util.Set;

/** Topics by the names that producers and consumers outside this module rely on. */
public final class Topics {
  /** What producers write. */
  public static final String RAW = "tracking.raw_user_behavior";

  /** What Debezium writes for the table {@code public.events}. */
  public static final String CDC = "tracking_postgres_cdc.public.events";

  /** Events that keep the contract. */
  public static final String VALIDATED = "tracking.user_behavior.validated";

  /** Messages that do not, with the reason. */
  public static final String INVALID = "tracking.user_behavior.invalid";

  /** Features of each event, for whoever wants them as a stream. */
  public static final String FEATURES_READY = "model.features.ready";

  /** Validated messages that the features cannot be made of, with the reason. */
  public static final String INVALID_FEATURES = "model.features.invalid";

  /** What served models predicted. */
  public static final String PREDICTIONS = PredictionMessage.TOPIC;

  /** What stores sell. */
  public static final String SALES = "sale_rossman_store";

  /** Messages that are no sales, with the reason. */
  public static final String INVALID_SALES = "sale_rossman_store.invalid";

  /** What was found to be wrong, for people and notifiers. */
  public static final String ALERTS = "tracking.user_behavior.alerts";

  /** Header of an invalid message: the topic that it came from. */
  public static final String SOURCE = "source";

  /** Those that our jobs write. */
  static final Set<String> OURS =
      Set.of(VALIDATED, INVALID, INVALID_SALES, FEATURES_READY, INVALID_FEATURES, ALERTS);

  private Topics() {}
}
