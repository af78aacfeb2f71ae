package io.millrace.serving.predict;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.log.PredictionRecord;
import io.millrace.serving.log.PredictionSink;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What all paths that predict have in common: the versions, the limits and the record. */
public final class Predictor {
  private final ModelStore models;
  private final EntityPredictions entities;
  private final Scoring scoring;
  private final PredictionSink sink;
  private final Shadows shadows;
  private final Limits limits;
  private final Clock clock;

  public Predictor(
      ModelStore models,
      EntityPredictions entities,
      Scoring scoring,
      PredictionSink sink,
      Shadows shadows,
      Limits limits,
      Clock clock) {
    this.models = models;
    this.entities = entities;
    this.scoring = scoring;
    this.sink = sink;
    this.shadows = shadows;
    this.limits = limits;
    this.clock = clock;
  }

  ModelStore models() {
    return models;
  }

  int batchLimit() {
    return limits.batch();
  }

  /** What reads a body into rows for a version. */
  @FunctionalInterface
  interface RowReading {
    Rows read(ServedVersion version);
  }

  /**
   * Scores what a request brought itself, and records it.
   *
   * @param started {@code System.nanoTime()} at the request's begin
   * @param path names a row as the request has it
   * @throws Problem 422 naming the rows whose scores are not finite
   */
  ScoredBatch score(
      ActiveVersions live,
      @Nullable String user,
      String requestId,
      long started,
      RowReading read,
      IntFunction<String> path) {
    ServedVersion version = live.forUser(user);
    ScoredBatch scored = finite(ScoredBatch.of(scoring, version, read.read(version)), path);
    record(requestId, started, List.of(), scored);
    @Nullable ServedVersion shadow = live.shadow();
    if (shadow != null) {
      shadows.offer(
          () ->
              record(
                  requestId,
                  started,
                  List.of(),
                  ScoredBatch.of(scoring, shadow, read.read(shadow))));
    }
    return scored;
  }

  /**
   * Scores rows by a version that the request chose itself, and records it; no shadow is asked.
   *
   * @throws Problem 422 naming the rows whose scores are not finite
   */
  ScoredBatch score(
      ServedVersion version, String requestId, long started, Rows rows, IntFunction<String> path) {
    ScoredBatch scored = finite(ScoredBatch.of(scoring, version, rows), path);
    record(requestId, started, List.of(), scored);
    return scored;
  }

  private ScoredBatch finite(ScoredBatch scored, IntFunction<String> path) {
    int not = scored.notFinite();
    if (not > 0) {
      sink.notFinite(scored.version(), not);
      throw scored.refusal(path);
    }
    return scored;
  }

  /** Looks the features of users and products up. */
  CompletableFuture<List<@Nullable OnlineRow>> find(List<OnlineKey> keys, Executor threads) {
    return entities.find(keys, threads);
  }

  /**
   * Scores users and products, and records it.
   *
   * @param found what was {@linkplain #find found} of the keys
   */
  EntityPredictions.Outcome score(
      ActiveVersions live,
      List<OnlineKey> keys,
      List<@Nullable OnlineRow> found,
      String requestId,
      long started) {
    EntityPredictions.Outcome outcome = EntityPredictions.predict(live, keys, found, scoring);
    for (EntityPredictions.Group group : outcome.groups()) {
      record(requestId, started, group.entities(), group.scored());
    }
    @Nullable ServedVersion shadow = live.shadow();
    if (shadow != null) {
      shadows.offer(() -> shadow(shadow, outcome, requestId, started));
    }
    return outcome;
  }

  private void shadow(
      ServedVersion shadow, EntityPredictions.Outcome outcome, String requestId, long started) {
    for (EntityPredictions.Group group : outcome.groups()) {
      Rows rows = new Rows(shadow.encoder());
      group.features().forEach(features -> EntityPredictions.fill(rows, features));
      record(requestId, started, group.entities(), ScoredBatch.of(scoring, shadow, rows));
    }
  }

  private void record(String requestId, long started, List<OnlineKey> keys, ScoredBatch scored) {
    sink.offer(
        new PredictionRecord(
            scored.version(),
            requestId,
            clock.instant(),
            System.nanoTime() - started,
            keys,
            scored.rows(),
            scored.scores()));
  }
}
