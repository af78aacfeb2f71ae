package io.millrace.workers.serving;

import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.core.registry.VersionCheck;
import io.millrace.serving.models.VersionLoader;
import io.millrace.serving.predict.GoldenInstances;
import io.millrace.workers.config.RedisConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import io.minio.MinioClient;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model registry for a command: opened as the settings say, and closed after use. */
public final class RegistryConnection implements AutoCloseable {
  /** How long the object store may take for each part of an artifact. */
  private static final Duration ARTIFACTS = Duration.ofSeconds(20);

  private final @Nullable MinioClient s3;
  private final ModelAnnouncements announcements;
  private final MlflowRegistry store;
  private final ModelRegistry registry;

  private RegistryConnection(Settings settings, Consumer<String> changed) {
    s3 = S3Config.find(settings).map(found -> found.client(ARTIFACTS)).orElse(null);
    announcements = new ModelAnnouncements(RedisConfig.from(settings).uri().toString());
    store = new MlflowRegistry(RegistryModels.mlflow(settings), s3);
    registry =
        new ModelRegistry(
            store,
            check(store),
            model -> {
              changed.accept(model);
              announcements.announce(model);
            },
            Clock.systemUTC());
  }

  /** Does not connect yet. */
  public static RegistryConnection open(Settings settings) {
    return open(settings, model -> {});
  }

  /**
   * The same.
   *
   * @param changed is given the name of a model once its aliases have moved; must not fail
   */
  public static RegistryConnection open(Settings settings, Consumer<String> changed) {
    return new RegistryConnection(settings, changed);
  }

  /** Loads a version as serving does, and scores its golden batch. */
  public static VersionCheck check(MlflowRegistry store) {
    VersionLoader loader = VersionLoader.of(new RegistryModels(store), new GoldenInstances());
    return (model, version) -> {
      var unused = loader.load(model, version, Aliases.CHAMPION);
    };
  }

  /** Decides which version serves; the servers hear of each change at once. */
  public ModelRegistry registry() {
    return registry;
  }

  /** What is registered. */
  public MlflowRegistry store() {
    return store;
  }

  @Override
  public void close() {
    announcements.close();
    if (s3 != null) {
      try {
        s3.close();
      } catch (Exception e) {
        throw new IllegalStateException("The client of the object store did not close", e);
      }
    }
  }
}
