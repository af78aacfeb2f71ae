package io.millrace.bench.serving;

import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.core.events.Event;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.serving.features.FeatureRoutes;
import io.millrace.serving.features.RedisOnlineFeatures;
import io.millrace.serving.http.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/**
 * Our side of the features bench: generated events' features in Redis and, for the peer, in a CSV;
 * the feature paths and predictions by look-up on the server as it is shipped.
 *
 * <p>Arguments: the URI of Redis, the port to listen on, the CSV to write.
 */
final class FeaturesSide {
  static final String MODEL = "bench";

  private static final int ENTITIES = 10_000;
  private static final int TREES = 100;
  private static final Duration AGE = Duration.ofHours(6);
  private static final Duration TTL = Duration.ofDays(2);

  /** As {@code serving.features-timeout} is by default. */
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private FeaturesSide() {}

  public static void main(String[] args) throws Exception {
    Map<OnlineKey, OnlineRow> rows = rows();
    store(args[0], rows);
    Files.writeString(Path.of(args[2]), csv(rows));
    RedisOnlineFeatures online = new RedisOnlineFeatures(args[0], TIMEOUT);
    OneModelServer.run(
        new OneModel(MODEL, model(rows.values()).files()),
        online,
        Integer.parseInt(args[1]),
        models -> new FeatureRoutes(online, null, models, TTL, Limits.DEFAULT));
  }

  /** The newest row of each user and product of a few hours' events. */
  static Map<OnlineKey, OnlineRow> rows() {
    Instant start = Instant.now().minus(AGE).truncatedTo(ChronoUnit.SECONDS);
    SyntheticEvents events = new SyntheticEvents(7, start, 2 * ENTITIES);
    Map<OnlineKey, OnlineRow> rows = new LinkedHashMap<>();
    for (int i = 0; rows.size() < ENTITIES; i++) {
      Event event = events.next();
      rows.put(new OnlineKey(event.userId(), event.productId()), OnlineRow.of(event, 1 + i % 9));
    }
    return rows;
  }

  private static PurchaseModel model(Collection<OnlineRow> rows) throws XGBoostError, IOException {
    return PurchaseModel.train(rows.stream().map(OnlineRow::features).toList(), TREES);
  }

  private static void store(String redisUri, Map<OnlineKey, OnlineRow> rows) {
    RedisClient client = RedisClient.create(redisUri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      SetArgs untilThen = SetArgs.Builder.ex(TTL);
      rows.forEach((key, row) -> connection.sync().set(key.text(), row.text(), untilThen));
    } finally {
      client.shutdown();
    }
  }

  private static String csv(Map<OnlineKey, OnlineRow> rows) {
    StringBuilder csv = new StringBuilder("user_id,product_id,event_timestamp,");
    csv.append(String.join(",", PurchaseFeatures.NAMES)).append('\n');
    rows.forEach(
        (key, row) -> {
          csv.append(key.userId()).append(',').append(key.productId()).append(',');
          csv.append(row.version().eventTime());
          cells(row.features())
              .forEach(cell -> csv.append(',').append(Objects.requireNonNullElse(cell, "")));
          csv.append('\n');
        });
    return csv.toString();
  }

  private static Stream<@Nullable Object> cells(PurchaseFeatures row) {
    return Stream.of(
        row.brand(),
        row.price(),
        row.eventWeekday(),
        row.categoryCodeLevel1(),
        row.categoryCodeLevel2(),
        row.activityCount());
  }
}
