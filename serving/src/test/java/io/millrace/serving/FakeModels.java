package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.UnknownModelException;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A registry in memory. */
public final class FakeModels implements ModelSource {
  /** Inputs of the models that {@link #forest} makes. */
  public static final ModelSchema SCHEMA =
      new ModelSchema(
          List.of(
              ModelSchema.Input.category("brand"),
              ModelSchema.Input.number("price"),
              ModelSchema.Input.number("activity_count")),
          List.of());

  /** Inputs of the iris model. */
  public static final List<String> IRIS_INPUTS =
      List.of("sepal_length", "sepal_width", "petal_length", "petal_width");

  private static final List<String> HOUSING_INPUTS =
      List.of(
          "median_income_in_block",
          "median_house_age_in_block",
          "average_rooms",
          "average_bedrooms",
          "population_per_block",
          "average_house_occupancy",
          "block_latitude",
          "block_longitude");

  private final Map<String, Rollout> rollouts = new ConcurrentHashMap<>();
  private final Map<String, VersionFiles> versions = new ConcurrentHashMap<>();

  /** How often a version was loaded. */
  public final AtomicInteger loads = new AtomicInteger();

  /** How many loads fail from now on, as if the registry were away. */
  public final AtomicInteger failures = new AtomicInteger();

  /** How long a load takes. */
  public volatile Duration slowness = Duration.ZERO;

  /** How often a load was interrupted. */
  public final AtomicInteger interrupted = new AtomicInteger();

  /** Whether the registry does not answer. */
  public volatile boolean away;

  /** Registers a version that predicts {@code low} for prices below 10, else {@code high}. */
  public FakeModels register(String model, String version, float low, float high) {
    return register(model, version, files(low, high, null));
  }

  public FakeModels register(String model, String version, VersionFiles files) {
    versions.put(model + "/" + version, files);
    return this;
  }

  /** Registers version 7 of the models that have paths of their own, as champions. */
  public FakeModels registerSeeds() {
    return register(NamedModelRoutes.PURCHASE, "7", 0.25f, 0.75f)
        .register(
            NamedModelRoutes.IRIS,
            "7",
            numbers(IRIS_INPUTS, List.of("setosa", "other"), 0.1f, 0.9f))
        .register(NamedModelRoutes.HOUSING, "7", numbers(HOUSING_INPUTS, List.of(), 1.5f, 3.5f))
        .rollOut(NamedModelRoutes.PURCHASE, Rollout.of("7"))
        .rollOut(NamedModelRoutes.IRIS, Rollout.of("7"))
        .rollOut(NamedModelRoutes.HOUSING, Rollout.of("7"));
  }

  public FakeModels rollOut(String model, Rollout rollout) {
    rollouts.put(model, rollout);
    return this;
  }

  /** A version with three inputs, whose category {@code brand} knows apple and sony. */
  public static VersionFiles files(float low, float high, @Nullable String golden) {
    return new VersionFiles(
        SCHEMA,
        new CategoryMappings(Map.of("brand", OrdinalEncoding.fit(List.of("apple", "sony")))),
        forest(3, low, high),
        golden);
  }

  /** A version whose inputs are numbers that must be given. */
  public static VersionFiles numbers(
      List<String> inputs, List<String> labels, float low, float high) {
    return new VersionFiles(
        new ModelSchema(inputs.stream().map(ModelSchema.Input::number).toList(), labels),
        new CategoryMappings(Map.of()),
        forest(inputs.size(), low, high),
        null);
  }

  @Override
  public Rollout rollout(String model) {
    answer();
    Rollout rollout = rollouts.get(model);
    if (rollout == null) {
      throw new UnknownModelException("No model '%s' is registered".formatted(model));
    }
    return rollout;
  }

  @Override
  public VersionFiles load(String model, String version) {
    answer();
    loads.incrementAndGet();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("the registry is away");
    }
    try {
      Thread.sleep(slowness.toMillis());
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw new IllegalStateException("interrupted", e);
    }
    VersionFiles files = versions.get(model + "/" + version);
    if (files == null) {
      throw new IllegalArgumentException("Version " + version + " has no model.ubj");
    }
    return files;
  }

  @Override
  public List<String> models() {
    answer();
    return rollouts.keySet().stream().sorted().toList();
  }

  @Override
  public void promote(String model, String version) {
    Rollout now = rollout(model);
    rollOut(model, new Rollout(version, now.canary(), now.canaryShare(), now.shadow()));
  }

  @Override
  public void shareCanary(String model, double share) {
    Rollout now = rollout(model);
    rollOut(model, new Rollout(now.champion(), now.canary(), share, now.shadow()));
  }

  private void answer() {
    if (away) {
      throw new IllegalStateException("the registry is away");
    }
  }

  private static Scorer forest(int inputs, float low, float high) {
    return Scorer.read(
        """
        {"learner": {
          "learner_model_param": {"base_score": "0E0", "num_feature": "%s"},
          "objective": {"name": "reg:squarederror"},
          "gradient_booster": {"name": "gbtree", "model": {"trees": [{
            "left_children": [1, -1, -1], "right_children": [2, -1, -1],
            "split_indices": [1, 0, 0], "split_conditions": [10.0, %s, %s],
            "default_left": [0, 0, 0], "split_type": [0, 0, 0]}]}}}}
        """
            .formatted(inputs, low, high)
            .getBytes(UTF_8));
  }
}
