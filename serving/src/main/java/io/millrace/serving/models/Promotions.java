package io.millrace.serving.models;

import io.millrace.core.registry.ModelRegistry;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.PromotionRefusedException;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.core.registry.RegistryStore;
import io.millrace.core.registry.RegistryUnavailableException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes which version of a served model serves: in the registry by the rules of {@link
 * ModelRegistry}, and in this process at once. One change of a model at a time; a version that gets
 * an alias is loaded before, so that it answers the next request.
 *
 * <p>Every method throws an {@link UnknownModelException} if the model is not served, a {@link
 * NotRegisteredException} if the registry does not have the version, a {@link
 * PromotionRefusedException} if a rule forbids it, and a {@link RegistryUnavailableException} if
 * the registry cannot be reached.
 */
public final class Promotions {
  private final ModelStore models;
  private final ModelRegistry registry;
  private final Map<String, ServedVersion> verified = new ConcurrentHashMap<>();

  /**
   * Changes nothing yet.
   *
   * @param changed is given the name of a model whose aliases have moved; must not fail
   */
  public Promotions(
      ModelStore models, RegistryStore registry, Consumer<String> changed, Clock clock) {
    this.models = models;
    this.registry = new ModelRegistry(registry, this::verify, changed, clock);
  }

  private void verify(String model, String version) {
    verified.put(model, models.load(model, version));
  }

  /** Lets a version serve all users. */
  public ActiveVersions promote(PromotionRequest request) {
    String model = request.model();
    return change(
        model,
        () -> {
          models.attempts().forget(model);
          var unused = registry.promote(request);
          return models.refresh(model, verified.get(model));
        });
  }

  /** Lets the version serve again that served before this one. */
  public ActiveVersions rollBack(String model, String by, String reason) {
    return change(
        model,
        () -> {
          var unused = registry.rollBack(model, by, reason, models.previous(model));
          @Nullable ServedVersion back = verified.get(model);
          return back == null ? models.refresh(model) : models.serve(back);
        });
  }

  /**
   * Lets a canary serve a share of the users.
   *
   * @param version null for the canary that there is
   * @param share 0 to 1
   */
  public ActiveVersions canary(String model, @Nullable String version, double share) {
    return change(
        model,
        () -> {
          if (version == null) {
            var unused = registry.shareCanary(model, share);
          } else {
            registry.startCanary(model, version, share);
          }
          return models.refresh(model, verified.get(model));
        });
  }

  /** Lets the champion serve all users. */
  public ActiveVersions endCanary(String model) {
    return change(
        model,
        () -> {
          registry.endCanary(model);
          return models.refresh(model);
        });
  }

  private ActiveVersions change(String model, Supplier<ActiveVersions> change) {
    var unused = models.require(model);
    return models.holding(
        model,
        () -> {
          try {
            return change.get();
          } finally {
            verified.remove(model);
          }
        });
  }
}
