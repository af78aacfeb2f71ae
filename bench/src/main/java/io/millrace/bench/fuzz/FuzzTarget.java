package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.http.AccessOptions;
import io.millrace.serving.http.DocsRoutes;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.ServerSizing;
import io.millrace.serving.http.ServingServer;
import io.millrace.serving.http.Timeouts;
import io.millrace.serving.metrics.ServingMetrics;
import io.millrace.serving.models.ModelReloader;
import io.millrace.serving.models.ModelRoutes;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.ModelStore;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.PromotionRoutes;
import io.millrace.serving.models.Promotions;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.ServedVersion;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.EntityPredictions;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.serving.predict.InferenceRoutes;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.serving.predict.PredictRoutes;
import io.millrace.serving.predict.Predictor;
import io.millrace.serving.predict.Shadows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A whole server on a free port of this process, with every route; its registry and online store
 * are in memory. Users 1 to 50 and products 1 to 50 have features.
 */
final class FuzzTarget implements AutoCloseable, ModelSource {
  static final String MODEL = NamedModelRoutes.PURCHASE;
  static final int KNOWN = 50;
  static final int BATCH = 1_000;
  static final Duration SLOWEST_BODY = Duration.ofMillis(300);
  private static final Duration SLOWEST_ANSWER = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** One input of each kind, each with another way of being missing. */
  static final ModelSchema SCHEMA =
      new ModelSchema(
          List.of(
              Input.category("brand"),
              Input.number("price"),
              new Input("event_weekday", Kind.NUMBER, Missing.DEFAULT, 3),
              new Input("activity_count", Kind.NUMBER, Missing.NAN, Float.NaN)),
          List.of());

  static final OrdinalEncoding BRANDS = OrdinalEncoding.fit(List.of("apple", "bosch", "sony"));
  static final Scorer FOREST = forest(new SplittableRandom(7));

  private final ServingMetrics metrics = new ServingMetrics();
  private final Shadows shadows = new Shadows();
  private final InferenceRoutes inference;
  private final ServingServer server;
  private final int port;

  FuzzTarget() {
    VersionLoader loader = VersionLoader.of(this, new GoldenInstances());
    ModelStore store = new ModelStore(this, loader, metrics.models(), Clock.systemUTC());
    var unused = store.refresh(MODEL);
    Limits limits = new Limits(4 << 20, BATCH);
    Predictor predictor =
        new Predictor(
            store,
            new EntityPredictions(
                (keys, threads) ->
                    CompletableFuture.supplyAsync(
                        () ->
                            keys.stream()
                                .map(FuzzTarget::row)
                                .collect(Collectors.toCollection(ArrayList::new)),
                        threads)),
            ServedVersion::score,
            metrics.sink(record -> {}, Map.of()),
            shadows,
            limits,
            Clock.systemUTC());
    this.inference = new InferenceRoutes(predictor, new PinnedVersions(store.attempts()), MODEL);
    this.server =
        new ServingServer(
            HttpOptions.at("127.0.0.1", 0)
                .with(limits)
                .with(new ServerSizing(16, 100, 500, 8_192))
                .with(
                    new Timeouts(SLOWEST_BODY, SLOWEST_BODY, SLOWEST_ANSWER, Duration.ZERO, DRAIN)),
            metrics.requests(),
            List.of(
                new ModelRoutes(store, new ModelReloader(store, () -> List.of(MODEL))),
                new PromotionRoutes(
                    new Promotions(
                        store, new OneVersionStore(MODEL, "7"), model -> {}, Clock.systemUTC())),
                new PredictRoutes(predictor),
                new NamedModelRoutes(predictor),
                inference,
                metrics,
                new DocsRoutes(AccessOptions.OPEN)));
    this.port = server.start();
  }

  int port() {
    return port;
  }

  static boolean isKnown(long user, long product) {
    return user >= 1 && user <= KNOWN && product >= 1 && product <= KNOWN;
  }

  /** What the online store has of a user and a product, or null. */
  static @Nullable OnlineRow row(OnlineKey key) {
    if (!isKnown(key.userId(), key.productId())) {
      return null;
    }
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z").plus(Duration.ofDays(key.userId())),
            EventType.CART,
            key.productId(),
            3L,
            "apparel.shoes",
            BRANDS.values().get((int) (key.productId() % BRANDS.values().size())),
            10.0 * key.productId(),
            key.userId(),
            "session");
    return OnlineRow.of(event, key.userId());
  }

  @Override
  public Rollout rollout(String model) {
    return Rollout.of("7");
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    if (!version.equals("7")) {
      throw new NotRegisteredException("There is no version " + version);
    }
    return RegisteredVersion.of(
        version,
        () ->
            new VersionFiles(SCHEMA, new CategoryMappings(Map.of("brand", BRANDS)), FOREST, null));
  }

  @Override
  public List<String> models() {
    return List.of(MODEL);
  }

  /** Trees of three splits over all inputs, so that few rows have the same score. */
  private static Scorer forest(SplittableRandom random) {
    StringBuilder trees = new StringBuilder();
    for (int tree = 0; tree < 40; tree++) {
      int[] inputs = {random.nextInt(4), random.nextInt(4), random.nextInt(4)};
      trees
          .append(tree == 0 ? "" : ",")
          .append(
              """
              {"left_children":[1,3,5,-1,-1,-1,-1],"right_children":[2,4,6,-1,-1,-1,-1],
               "split_indices":[%d,%d,%d,0,0,0,0],"split_conditions":[%s,%s,%s,%s,%s,%s,%s],
               "default_left":[%d,1,0,0,0,0,0],"split_type":[0,0,0,0,0,0,0]}\
              """
                  .formatted(
                      inputs[0],
                      inputs[1],
                      inputs[2],
                      threshold(inputs[0], random),
                      threshold(inputs[1], random),
                      threshold(inputs[2], random),
                      random.nextDouble(-1, 1),
                      random.nextDouble(-1, 1),
                      random.nextDouble(-1, 1),
                      random.nextDouble(-1, 1),
                      random.nextInt(2)));
    }
    String json =
        """
        {"learner":{"learner_model_param":{"base_score":"5E-1","num_feature":"4"},
         "objective":{"name":"binary:logistic"},
         "gradient_booster":{"name":"gbtree","model":{"trees":[%s]}}}}\
        """
            .formatted(trees);
    return Scorer.read(json.getBytes(UTF_8));
  }

  /** Where values of an input lie: codes of brands, prices, weekdays, counts. */
  private static double threshold(int input, SplittableRandom random) {
    return switch (input) {
      case 0 -> random.nextDouble(-1, BRANDS.values().size() - 1);
      case 1 -> random.nextDouble(0, 500);
      case 2 -> random.nextDouble(0, 7);
      default -> random.nextDouble(0, KNOWN);
    };
  }

  @Override
  public void close() {
    server.close();
    inference.close();
    shadows.close();
    metrics.close();
  }
}
