package io.millrace.activities.registry;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ChampionSource;
import io.millrace.activities.training.TrainedModel;
import io.millrace.core.models.ModelDefinition;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.training.CategoryMappings;
import io.millrace.workflows.PipelineFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The champions from MLflow's registry, with the mappings they were trained with.
 *
 * <p>Up to when a version was trained its tag {@link #TRAINED_UNTIL} says, or the param of that
 * name of the run that made it, which copies of a version share. Versions of earlier releases have
 * neither, but the param {@code dataset_watermark}: the newest row of the data set that they were
 * made from, so that everything later is new to them. Of a version with none of these nobody knows.
 */
public final class RegistryChampions implements ChampionSource {
  /** An instant: of sessions that began then or later, the version has learned from no row. */
  static final String TRAINED_UNTIL = "trained_until";

  static final String WATERMARK = "dataset_watermark";

  private final ModelDefinition definition;
  private final MlflowRegistry registry;

  public RegistryChampions(ModelDefinition definition, MlflowRegistry registry) {
    this.definition = definition;
    this.registry = registry;
  }

  @Override
  public Optional<Champion> champion(String modelName) {
    return behind(modelName, Aliases.CHAMPION);
  }

  @Override
  public Optional<Champion> best(String modelName) {
    return behind(modelName, Aliases.BEST);
  }

  private Optional<Champion> behind(String modelName, String alias) {
    return registry
        .byAlias(modelName, alias)
        .map(
            version ->
                new Champion(
                    version.version(),
                    new TrainedModel(
                        read(version, alias, ModelPackage.MODEL_FILE),
                        definition.names(),
                        CategoryMappings.fromJson(
                            new String(
                                read(version, alias, CategoryMappings.FILE_NAME),
                                StandardCharsets.UTF_8))),
                    trainedUntil(version)));
  }

  private @Nullable Instant trainedUntil(ModelVersion version) {
    String tag = version.tags().get(TRAINED_UNTIL);
    if (tag != null) {
      return instant(version, "tag " + TRAINED_UNTIL, tag);
    }
    Map<String, String> params =
        version.runId().isEmpty() ? Map.of() : registry.runParams(version.runId());
    if (params.containsKey(TRAINED_UNTIL)) {
      return instant(version, "param " + TRAINED_UNTIL, params.get(TRAINED_UNTIL));
    }
    String watermark = params.get(WATERMARK);
    return watermark == null
        ? null
        // A session that began with the newest row may be in that data set.
        : instant(version, "param " + WATERMARK, watermark).plus(Duration.ofMillis(1));
  }

  private static Instant instant(ModelVersion version, String what, @Nullable String text) {
    try {
      return Instant.parse(String.valueOf(text));
    } catch (DateTimeParseException e) {
      throw new PipelineException(
          PipelineFailure.MODEL_UNREADABLE,
          "%s version %s has the %s '%s', which is no instant such as 2019-10-01T00:00:00Z. Set the version's tag %s."
              .formatted(version.name(), version.version(), what, text, TRAINED_UNTIL),
          e);
    }
  }

  private byte[] read(ModelVersion version, String alias, String file) {
    return registry
        .artifacts(version)
        .read(file)
        .orElseThrow(
            () ->
                new PipelineException(
                    PipelineFailure.MODEL_UNREADABLE,
                    "%s version %s, alias %s, has no %s below %s, so the candidate cannot be compared. Move the alias to a complete version, or delete the alias."
                        .formatted(
                            version.name(), version.version(), alias, file, version.source())));
  }
}
