package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowRegistry.Model;
import io.millrace.activities.registry.MlflowRegistry.Version;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.UnknownModelException;
import io.millrace.serving.models.VersionFiles;
import io.millrace.workers.config.Settings;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The models of MLflow's registry. A version's artifacts are {@code model.ubj}, and if it has them
 * {@code serving_schema.json}, {@code category_mappings.json} and {@code golden_batch.json}; a
 * version without a schema needs {@code feature_order.json}, all of whose numbers must be given.
 */
public final class RegistryModels implements ModelSource {
  /** The tag of a registered model that says which part of its users the canary serves. */
  public static final String CANARY_SHARE = "canary_share";

  private static final String MODEL = "model.ubj";
  private static final String FEATURES = "feature_order.json";

  private final MlflowRegistry registry;
  private final ModelAnnouncements announcements;

  public RegistryModels(MlflowRegistry registry, ModelAnnouncements announcements) {
    this.registry = registry;
    this.announcements = announcements;
  }

  @Override
  public Rollout rollout(String model) {
    Model registered =
        registry
            .model(model)
            .orElseThrow(
                () -> new UnknownModelException("No model '%s' is registered".formatted(model)));
    Map<String, String> aliases = registered.aliases();
    return new Rollout(
        aliases.get(Rollout.CHAMPION),
        aliases.get(Rollout.CANARY),
        canaryShare(registered),
        aliases.get(Rollout.SHADOW));
  }

  /** Where the settings say that MLflow is. */
  public static MlflowConfig mlflow(Settings settings) {
    return MlflowConfig.of(
        io.millrace.workers.config.MlflowConfig.from(settings).trackingUri().toString());
  }

  /**
   * Which part of its users a model's canary serves.
   *
   * @throws IllegalArgumentException if its tag is no number
   */
  public static double canaryShare(Model model) {
    String text = model.tags().get(CANARY_SHARE);
    try {
      return text == null ? Rollout.DEFAULT_CANARY_SHARE : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Tag %s of model '%s' must be a number from 0 to 1, but is '%s'"
              .formatted(CANARY_SHARE, model.name(), text),
          e);
    }
  }

  @Override
  public List<String> models() {
    return registry.models().stream()
        .filter(model -> model.aliases().containsKey(Rollout.CHAMPION))
        .map(Model::name)
        .sorted()
        .toList();
  }

  @Override
  public VersionFiles load(String model, String version) {
    try {
      return files(registry.version(model, version));
    } catch (ApplicationFailure e) {
      if (e.isNonRetryable()) {
        throw new IllegalArgumentException(e.getOriginalMessage(), e);
      }
      throw e;
    }
  }

  private VersionFiles files(Version version) {
    Set<String> there = registry.files(version.source());
    CategoryMappings mappings =
        find(version, there, CategoryMappings.FILE_NAME)
            .map(CategoryMappings::fromJson)
            .orElseGet(() -> new CategoryMappings(Map.of()));
    ModelSchema schema =
        find(version, there, ModelSchema.FILE_NAME)
            .map(ModelSchema::fromJson)
            .orElseGet(() -> schema(version, there, mappings));
    if (!there.contains(MODEL)) {
      throw missing(version, MODEL);
    }
    return new VersionFiles(
        schema,
        mappings,
        Scorer.read(bytes(version, MODEL)),
        find(version, there, GoldenBatch.FILE_NAME).orElse(null));
  }

  /** For a version that was registered without a schema. */
  private ModelSchema schema(Version version, Set<String> there, CategoryMappings mappings) {
    String order = find(version, there, FEATURES).orElseThrow(() -> missing(version, FEATURES));
    return new ModelSchema(
        FeatureOrder.parse(order).stream()
            .map(
                name ->
                    mappings.encodings().containsKey(name)
                        ? Input.category(name)
                        : Input.number(name))
            .toList(),
        List.of());
  }

  private Optional<String> find(Version version, Set<String> there, String file) {
    return there.contains(file)
        ? Optional.of(new String(bytes(version, file), UTF_8))
        : Optional.empty();
  }

  private byte[] bytes(Version version, String file) {
    return registry.artifact(version.source(), file).orElseThrow(() -> missing(version, file));
  }

  private static IllegalArgumentException missing(Version version, String file) {
    return new IllegalArgumentException(
        "Version %s of '%s' has no %s below %s"
            .formatted(version.version(), version.name(), file, version.source()));
  }

  @Override
  public void promote(String model, String version) {
    registry.setAlias(model, Rollout.CHAMPION, version);
    announcements.announce(model);
  }

  @Override
  public void shareCanary(String model, double share) {
    registry.setModelTag(model, CANARY_SHARE, Double.toString(share));
    announcements.announce(model);
  }
}
