package io.millrace.workers.serving;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.CanaryShare;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.workers.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models of MLflow's registry. What MLflow says it does not have is not registered; whatever
 * else goes wrong while it is asked means that it gave no answer. See {@link VersionReader} for
 * what a version consists of.
 */
public final class RegistryModels implements ModelSource {
  private final MlflowRegistry registry;
  private final VersionReader reader;

  public RegistryModels(MlflowRegistry registry) {
    this.registry = registry;
    this.reader = new VersionReader(registry::artifacts, VersionReader.mostBytes());
  }

  @Override
  public Rollout rollout(String model) {
    RegisteredModel registered =
        ask(() -> registry.model(model)).orElseThrow(() -> NotRegisteredException.model(model));
    Map<String, String> aliases = registered.aliases();
    @Nullable String problem = CanaryShare.problem(registered);
    return new Rollout(
        aliases.get(Aliases.CHAMPION),
        aliases.get(Aliases.CANARY),
        problem == null ? CanaryShare.of(registered) : CanaryShare.DEFAULT,
        aliases.get(Aliases.SHADOW),
        problem);
  }

  /** Where the settings say that MLflow is. */
  public static MlflowConfig mlflow(Settings settings) {
    return MlflowConfig.of(
        io.millrace.workers.config.MlflowConfig.from(settings).trackingUri().toString());
  }

  @Override
  public List<String> models() {
    return ask(registry::models).stream()
        .filter(model -> model.aliases().containsKey(Aliases.CHAMPION))
        .map(RegisteredModel::name)
        .sorted()
        .toList();
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    ModelVersion found =
        ask(() -> registry.findVersion(model, version))
            .orElseThrow(() -> NotRegisteredException.version(model, version));
    return new Found(found, reader);
  }

  private record Found(ModelVersion version, VersionReader reader) implements RegisteredVersion {
    @Override
    public String identity() {
      return String.join(" ", version.source(), version.runId(), Long.toString(version.created()));
    }

    @Override
    public String revision() {
      return identity() + " " + version.updated() + " " + new TreeMap<>(version.tags());
    }

    @Override
    public VersionFiles load() {
      try {
        return reader.read(version);
      } catch (RegistryRefusedException e) {
        if (e.isAboutAccess()) {
          throw away(e);
        }
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  private static RegistryUnavailableException away(RegistryRefusedException refusal) {
    return new RegistryUnavailableException(String.valueOf(refusal.getMessage()), refusal);
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (RegistryRefusedException e) {
      throw away(e);
    }
  }
}
