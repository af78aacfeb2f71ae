package io.millrace.serving.predict;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.serving.features.OnlineFeatures;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Predictions for users and products whose features are looked up, all in one call to the store.
 * One that has no features does not hinder the others.
 */
public final class EntityPredictions {
  private final OnlineFeatures features;

  public EntityPredictions(OnlineFeatures features) {
    this.features = features;
  }

  /**
   * What became of one entity.
   *
   * @param version the version for its user
   * @param scored what its version made of it and others; null if there is an error
   * @param row its row there
   * @param error why there is none; null if there is
   * @param missing inputs that were not known
   */
  record Item(
      OnlineKey entity,
      ServedVersion version,
      @Nullable ScoredBatch scored,
      int row,
      @Nullable String error,
      List<String> missing) {}

  /** The entities that one version scored, row by row. */
  record Group(List<OnlineKey> entities, List<PurchaseFeatures> features, ScoredBatch scored) {}

  /** All items in the order of the request, and what each version scored. */
  record Outcome(List<Item> items, List<Group> groups) {}

  /** Looks the features up; fails with a {@link Problem} 503 if the store does not answer. */
  CompletableFuture<List<@Nullable OnlineRow>> find(List<OnlineKey> entities, Executor threads) {
    return features.find(entities, threads);
  }

  /** Predicts from what was found. */
  static Outcome predict(
      ActiveVersions live,
      List<OnlineKey> entities,
      List<@Nullable OnlineRow> found,
      Scoring scoring) {
    Item[] items = new Item[entities.size()];
    Map<ServedVersion, Pending> pending = new LinkedHashMap<>();
    for (int i = 0; i < items.length; i++) {
      OnlineKey entity = entities.get(i);
      ServedVersion version = live.forUser(Long.toString(entity.userId()));
      @Nullable OnlineRow row = found.get(i);
      @Nullable String error =
          row == null
              ? "There are no online features of user %d and product %d"
                  .formatted(entity.userId(), entity.productId())
              : pending.computeIfAbsent(version, Pending::new).add(i, entity, row.features());
      items[i] = new Item(entity, version, null, 0, error, List.of());
    }
    List<Group> groups =
        pending.values().stream().map(group -> group.score(items, scoring)).toList();
    return new Outcome(Arrays.asList(items), groups);
  }

  /** The entities of one version, before they are scored. */
  private static final class Pending {
    final ServedVersion version;
    final Rows rows;
    final List<Integer> places = new ArrayList<>();
    final List<OnlineKey> entities = new ArrayList<>();
    final List<PurchaseFeatures> features = new ArrayList<>();

    Pending(ServedVersion version) {
      this.version = version;
      this.rows = new Rows(version.encoder());
    }

    /** Returns why the features cannot be scored, or null. */
    @Nullable String add(int place, OnlineKey entity, PurchaseFeatures values) {
      try {
        fill(rows, values);
      } catch (Problem e) {
        return e.detail();
      }
      places.add(place);
      entities.add(entity);
      features.add(values);
      return null;
    }

    Group score(Item[] items, Scoring scoring) {
      ScoredBatch scored = ScoredBatch.of(scoring, version, rows);
      for (int row = 0; row < rows.count(); row++) {
        boolean finite = scored.scores().isFinite(row);
        items[places.get(row)] =
            new Item(
                entities.get(row),
                version,
                finite ? scored : null,
                row,
                finite ? null : notFinite(entities.get(row), scored, row),
                finite ? rows.missing().getOrDefault(row, List.of()) : List.of());
      }
      return new Group(entities, features, scored);
    }

    private static String notFinite(OnlineKey entity, ScoredBatch scored, int row) {
      return "User %d and product %d: %s"
          .formatted(entity.userId(), entity.productId(), scored.problem(row));
    }
  }

  /** Takes from the features what the model has inputs for. */
  static void fill(Rows rows, PurchaseFeatures features) {
    rows.begin();
    text(rows, "brand", features.brand());
    number(rows, "price", features.price());
    number(rows, "event_weekday", features.eventWeekday());
    text(rows, "category_code_level1", features.categoryCodeLevel1());
    text(rows, "category_code_level2", features.categoryCodeLevel2());
    number(rows, "activity_count", (double) features.activityCount());
    rows.end("features");
  }

  private static void text(Rows rows, String name, @Nullable String value) {
    int input = rows.encoder().index(name);
    if (input >= 0 && value != null) {
      rows.category(input, value, "features");
    }
  }

  private static void number(Rows rows, String name, double value) {
    int input = rows.encoder().index(name);
    if (input < 0) {
      return;
    }
    if (rows.isCategory(input)) {
      rows.category(input, Long.toString((long) value), "features");
    } else {
      rows.number(input, value, "features");
    }
  }
}
