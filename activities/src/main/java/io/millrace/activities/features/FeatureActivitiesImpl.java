package io.millrace.activities.features;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.features.FeatureActivities;
import io.millrace.workflows.features.FeatureScope;
import io.millrace.workflows.features.MaterializeRequest;
import io.millrace.workflows.features.MaterializeResult;
import io.millrace.workflows.features.OnlineCheck;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The online store's activities on a real database and Redis. */
public final class FeatureActivitiesImpl implements FeatureActivities {
  private static final Logger logger = LoggerFactory.getLogger(FeatureActivitiesImpl.class);

  private final Warehouse warehouse;
  private final OnlineStore online;

  /** Uses, and does not close, what it is given. */
  public FeatureActivitiesImpl(Warehouse warehouse, OnlineStore online) {
    this.warehouse = warehouse;
    this.online = online;
  }

  @Override
  public OnlineCheck checkOnlineStore() {
    return translated(() -> new OnlineCheck(online.version()));
  }

  @Override
  public MaterializeResult materialize(MaterializeRequest request) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      // One transaction: the slices are marked only if every row of theirs is online.
      MaterializeResult result =
          translated(() -> warehouse.transaction(sql -> materialize(sql, request, heartbeats)));
      logger.info("Materialized scope={} result={}", request.scope(), result);
      return result;
    }
  }

  private MaterializeResult materialize(
      DSLContext sql, MaterializeRequest request, Heartbeats heartbeats) {
    OfflineRows offline = new OfflineRows(sql, request.scope(), online.timeToLive());
    if (offline.isEmpty()) {
      throw TaskSkipped.because(
          request.scope() == FeatureScope.FULL
              ? "The warehouse holds no events"
              : "No session got events that are not online yet");
    }
    long[] rows = {0};
    long[] changed = {0};
    offline.forEach(
        request.batchRows(),
        batch -> {
          changed[0] += online.apply(batch);
          rows[0] += batch.size();
          heartbeats.progress(rows[0]);
        });
    return new MaterializeResult(rows[0], changed[0], offline.settle());
  }
}
