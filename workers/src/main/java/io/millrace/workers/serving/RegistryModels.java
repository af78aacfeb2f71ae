package io.millrace.workers.serving;

import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowRegistry.Model;
import io.millrace.activities.registry.MlflowRegistry.Version;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.NotRegisteredException;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.RegistryAwayException;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.workers.config.Settings;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models of MLflow's registry. What MLflow says it does not have is not registered; whatever
 * else goes wrong while it is asked means that it gave no answer. See {@link VersionReader} for
 * what a version consists of.
 */
public final class RegistryModels implements ModelSource {
  /** The tag of a registered model that says which part of its users the canary serves. */
  public static final String CANARY_SHARE = "canary_share";

  /** A server that wants a key, or another one: this says nothing about a version. */
  private static final Set<Integer> NO_ACCESS = Set.of(401, 403, 407);

  private final MlflowRegistry registry;
  private final ModelAnnouncements announcements;
  private final VersionReader reader;

  public RegistryModels(MlflowRegistry registry, ModelAnnouncements announcements) {
    this.registry = registry;
    this.announcements = announcements;
    this.reader = new VersionReader(registry::artifacts, VersionReader.mostBytes());
  }

  @Override
  public Rollout rollout(String model) {
    Model registered = ask(() -> registry.model(model)).orElseThrow(() -> notRegistered(model));
    Map<String, String> aliases = registered.aliases();
    @Nullable String problem = shareProblem(registered);
    return new Rollout(
        aliases.get(Rollout.CHAMPION),
        aliases.get(Rollout.CANARY),
        problem == null ? share(registered) : Rollout.DEFAULT_CANARY_SHARE,
        aliases.get(Rollout.SHADOW),
        problem);
  }

  private static NotRegisteredException notRegistered(String model) {
    return new NotRegisteredException(
        "No model '%s' is registered".formatted(PrintableText.of(model)));
  }

  /** Where the settings say that MLflow is. */
  public static MlflowConfig mlflow(Settings settings) {
    return MlflowConfig.of(
        io.millrace.workers.config.MlflowConfig.from(settings).trackingUri().toString());
  }

  /**
   * Which part of its users a model's canary serves.
   *
   * @throws IllegalArgumentException if its tag is not a number from 0 to 1
   */
  public static double canaryShare(Model model) {
    @Nullable String problem = shareProblem(model);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return share(model);
  }

  private static double share(Model model) {
    String text = model.tags().get(CANARY_SHARE);
    return text == null ? Rollout.DEFAULT_CANARY_SHARE : number(text);
  }

  /** What is wrong with the tag; null if nothing is. */
  public static @Nullable String shareProblem(Model model) {
    String text = model.tags().get(CANARY_SHARE);
    return text == null || Rollout.isShare(number(text))
        ? null
        : "Tag %s of model '%s' must be a number from 0 to 1, but is '%s': the canary serves nobody until it is set right, by millrace models canary %s --share 0.1"
            .formatted(CANARY_SHARE, model.name(), PrintableText.of(text), model.name());
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  @Override
  public List<String> models() {
    return ask(registry::models).stream()
        .filter(model -> model.aliases().containsKey(Rollout.CHAMPION))
        .map(Model::name)
        .sorted()
        .toList();
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    // MLflow's versions are numbers, and it takes others for a mistake in the request.
    if (!version.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
      throw notRegistered(model, version);
    }
    Version found =
        ask(() -> registry.findVersion(model, version))
            .orElseThrow(() -> notRegistered(model, version));
    return new Found(found, reader);
  }

  private static NotRegisteredException notRegistered(String model, String version) {
    return new NotRegisteredException(
        "Version %s of '%s' is not registered"
            .formatted(PrintableText.of(version), PrintableText.of(model)));
  }

  private record Found(Version version, VersionReader reader) implements RegisteredVersion {
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
      } catch (ApplicationFailure e) {
        if (isAboutTheVersion(e)) {
          throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
        throw away(e);
      }
    }
  }

  /** Whether it is refused because of what it is, and not because of who asks or when. */
  private static boolean isAboutTheVersion(ApplicationFailure failure) {
    if (!failure.isNonRetryable()) {
      return false;
    }
    return failure.getDetails().getSize() == 0
        || !NO_ACCESS.contains(failure.getDetails().get(0, Integer.class));
  }

  private static RegistryAwayException away(ApplicationFailure failure) {
    return new RegistryAwayException(String.valueOf(failure.getOriginalMessage()), failure);
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (ApplicationFailure e) {
      throw away(e);
    }
  }

  @Override
  public void promote(String model, String version) {
    // MLflow does not always say which of the two is missing.
    RegisteredVersion unused = find(model, version);
    change(() -> registry.setAlias(model, Rollout.CHAMPION, version));
    announcements.announce(model);
  }

  @Override
  public void shareCanary(String model, double share) {
    Rollout unused = rollout(model);
    change(() -> registry.setModelTag(model, CANARY_SHARE, Double.toString(share)));
    announcements.announce(model);
  }

  private static void change(Runnable request) {
    try {
      request.run();
    } catch (ApplicationFailure e) {
      throw away(e);
    }
  }
}
