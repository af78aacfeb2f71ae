package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.CanaryShare;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.registry.RegistryStore;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A registry in memory. */
public final class FakeModels implements ModelSource, RegistryStore {
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

  /** Inputs of the housing model. */
  public static final List<String> HOUSING_INPUTS =
      List.of(
          "median_income_in_block",
          "median_house_age_in_block",
          "average_rooms",
          "average_bedrooms",
          "population_per_block",
          "average_house_occupancy",
          "block_latitude",
          "block_longitude");

  /** A version of the registry; without files it is a damaged one. */
  private record Registered(String identity, String revision, @Nullable VersionFiles files) {}

  private final Map<String, Rollout> rollouts = new ConcurrentHashMap<>();
  private final Map<String, Registered> versions = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> modelTags = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> versionTags = new ConcurrentHashMap<>();
  private final AtomicInteger registrations = new AtomicInteger();

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

  /** A model whose versions load only once the latch is open. */
  public record Slow(String model, CountDownLatch until) {}

  /** Which model is slow; null if none is. */
  public volatile @Nullable Slow slow;

  /** What loading a model's versions fails with; null if nothing. */
  public volatile Function<String, @Nullable Error> error = model -> null;

  /** The model and version whose files cannot be reached, such as {@code shop/7}; null if none. */
  public volatile @Nullable String unreachable;

  /** What loading throws, as if the server had a fault; null if nothing. */
  public volatile @Nullable RuntimeException fault;

  /** Registers a version that predicts {@code low} for prices below 10, else {@code high}. */
  public FakeModels register(String model, String version, float low, float high) {
    return register(model, version, files(low, high, null));
  }

  /** Registers a version; one of the same number before it is another one. */
  public FakeModels register(String model, String version, VersionFiles files) {
    return put(model, version, files);
  }

  /** Registers a version that has no model file. */
  public FakeModels registerDamaged(String model, String version) {
    return put(model, version, null);
  }

  private FakeModels put(String model, String version, @Nullable VersionFiles files) {
    String identity = "run " + registrations.incrementAndGet();
    versions.put(model + "/" + version, new Registered(identity, identity, files));
    return this;
  }

  /** Changes a tag of a version. */
  public FakeModels tag(String model, String version, String tag) {
    versions.computeIfPresent(
        model + "/" + version, (name, old) -> new Registered(old.identity(), tag, old.files()));
    return this;
  }

  /** Puts other files in the place of a version's, which the registry does not see. */
  public FakeModels repair(String model, String version, VersionFiles files) {
    versions.computeIfPresent(
        model + "/" + version,
        (name, old) -> new Registered(old.identity(), old.revision(), files));
    return this;
  }

  /** Deletes a version, and the aliases that point at it, as MLflow does. */
  public FakeModels delete(String model, String version) {
    versions.remove(model + "/" + version);
    rollouts.computeIfPresent(
        model,
        (name, old) ->
            new Rollout(
                version.equals(old.champion()) ? null : old.champion(),
                version.equals(old.canary()) ? null : old.canary(),
                old.canaryShare(),
                version.equals(old.shadow()) ? null : old.shadow()));
    return this;
  }

  /** Deletes a model with all its versions. */
  public FakeModels delete(String model) {
    rollouts.remove(model);
    modelTags.remove(model);
    versionTags.keySet().removeIf(name -> name.startsWith(model + "/"));
    versions.keySet().removeIf(name -> name.startsWith(model + "/"));
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

  /** A version whose inputs are numbers that must be given; one with labels gives probabilities. */
  public static VersionFiles numbers(
      List<String> inputs, List<String> labels, float low, float high) {
    return new VersionFiles(
        new ModelSchema(inputs.stream().map(ModelSchema.Input::number).toList(), labels),
        new CategoryMappings(Map.of()),
        labels.isEmpty()
            ? forest(inputs.size(), low, high)
            : scorer(inputs.size(), "binary:logistic", logit(low), logit(high)),
        null);
  }

  /** What the scorer's logistic function makes exactly the probability of. */
  private static double logit(float probability) {
    if (probability == 1) {
      return 40;
    }
    float logit = (float) Math.log(probability / (1.0 - probability));
    for (int bits = -4; bits <= 4; bits++) {
      float near = Float.intBitsToFloat(Float.floatToIntBits(logit) + bits);
      if (1.0f / ((float) Math.exp(-near) + 1.0f) == probability) {
        return near;
      }
    }
    throw new IllegalArgumentException("There is no logit of " + probability);
  }

  @Override
  public Rollout rollout(String model) {
    answer();
    Rollout rollout = rollouts.get(model);
    if (rollout == null) {
      throw new NotRegisteredException("No model '%s' is registered".formatted(model));
    }
    return rollout;
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    answer();
    Registered found = versions.get(model + "/" + version);
    if (found == null) {
      throw new NotRegisteredException(
          "Version %s of '%s' is not registered".formatted(version, model));
    }
    return new RegisteredVersion() {
      @Override
      public String identity() {
        return found.identity();
      }

      @Override
      public String revision() {
        return found.revision();
      }

      @Override
      public VersionFiles load() {
        return files(model, version, found.files());
      }
    };
  }

  private VersionFiles files(String model, String version, @Nullable VersionFiles files) {
    answer();
    loads.incrementAndGet();
    @Nullable Error failing = error.apply(model);
    if (failing != null) {
      throw failing;
    }
    if ((model + "/" + version).equals(unreachable)
        || failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new RegistryUnavailableException("the registry is away");
    }
    if (fault != null) {
      throw fault;
    }
    @Nullable Slow waiting = slow;
    try {
      if (waiting != null && waiting.model().equals(model)) {
        waiting.until().await();
      }
      Thread.sleep(slowness.toMillis());
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      Thread.currentThread().interrupt();
      throw new RegistryUnavailableException("interrupted", e);
    }
    if (files == null) {
      throw new IllegalArgumentException("Version " + version + " has no model.ubj");
    }
    return files;
  }

  @Override
  public List<String> models() {
    answer();
    return rollouts.entrySet().stream()
        .filter(model -> model.getValue().champion() != null)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public Optional<RegisteredModel> model(String name) {
    answer();
    return Optional.ofNullable(rollouts.get(name))
        .map(
            rollout -> {
              Map<String, String> aliases = new HashMap<>();
              put(aliases, Aliases.CHAMPION, rollout.champion());
              put(aliases, Aliases.CURRENT, rollout.champion());
              put(aliases, Aliases.CANARY, rollout.canary());
              put(aliases, Aliases.SHADOW, rollout.shadow());
              return new RegisteredModel(name, aliases, modelTags.getOrDefault(name, Map.of()));
            });
  }

  private static void put(Map<String, String> values, String key, @Nullable String value) {
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  /** Every version passed its gate unless a tag says something else. */
  @Override
  public Optional<ModelVersion> findVersion(String name, String version) {
    answer();
    Map<String, String> tags = new HashMap<>(Map.of(ModelVersion.GATE, ModelVersion.PASSED));
    tags.putAll(versionTags.getOrDefault(name + "/" + version, Map.of()));
    return versions.containsKey(name + "/" + version)
        ? Optional.of(new ModelVersion(name, version, "run", "source", tags, 0, 0))
        : Optional.empty();
  }

  @Override
  public List<ModelVersion> versions(String name) {
    return versions.keySet().stream()
        .filter(key -> key.startsWith(name + "/"))
        .map(key -> findVersion(name, key.substring(name.length() + 1)).orElseThrow())
        .toList();
  }

  @Override
  public void setAlias(String name, String alias, @Nullable String version) {
    Rollout now = rollout(name);
    rollOut(
        name,
        new Rollout(
            alias.equals(Aliases.CHAMPION) ? version : now.champion(),
            alias.equals(Aliases.CANARY) ? version : now.canary(),
            now.canaryShare(),
            alias.equals(Aliases.SHADOW) ? version : now.shadow()));
    readShare(name);
  }

  @Override
  public void setModelTag(String name, String key, @Nullable String value) {
    answer();
    put(modelTags.computeIfAbsent(name, model -> new ConcurrentHashMap<>()), key, value);
    readShare(name);
  }

  private void readShare(String name) {
    RegisteredModel model = model(name).orElseThrow();
    if (CanaryShare.text(model) != null) {
      Rollout now = rollout(name);
      rollOut(name, new Rollout(now.champion(), now.canary(), CanaryShare.of(model), now.shadow()));
    }
  }

  @Override
  public void setVersionTag(String name, String version, String key, @Nullable String value) {
    answer();
    put(
        versionTags.computeIfAbsent(name + "/" + version, one -> new ConcurrentHashMap<>()),
        key,
        value);
  }

  private void answer() {
    if (away) {
      throw new RegistryUnavailableException("the registry is away");
    }
  }

  private static Scorer forest(int inputs, float low, float high) {
    return scorer(inputs, "reg:squarederror", low, high);
  }

  /** One tree that splits the second input at 10. */
  public static Scorer scorer(int inputs, String objective, double low, double high) {
    return Scorer.read(
        """
        {"learner": {
          "learner_model_param": {"base_score": "%s", "num_feature": "%s"},
          "objective": {"name": "%s"},
          "gradient_booster": {"name": "gbtree", "model": {"trees": [{
            "left_children": [1, -1, -1], "right_children": [2, -1, -1],
            "split_indices": [1, 0, 0], "split_conditions": [10.0, %s, %s],
            "default_left": [0, 0, 0], "split_type": [0, 0, 0]}]}}}}
        """
            .formatted(
                objective.startsWith("reg:sq") ? "0E0" : "5E-1", inputs, objective, low, high)
            .getBytes(UTF_8));
  }
}
