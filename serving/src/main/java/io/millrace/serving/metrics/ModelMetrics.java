package io.millrace.serving.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.serving.models.ModelListener;
import io.millrace.serving.models.Withdrawal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code millrace_model_reloads_seconds} and {@code millrace_model_withdrawals_total}. */
final class ModelMetrics implements ModelListener {
  private static final String RELOADS = "millrace_model_reloads";

  private final MeterRegistry registry;

  ModelMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void reloaded(
      String model, String version, String alias, Duration took, @Nullable String refusal) {
    Timer.builder(RELOADS)
        .description("Versions that took an alias over, or were refused")
        .tags("model", model, "alias", alias, "outcome", refusal == null ? "loaded" : "refused")
        .register(registry)
        .record(took);
  }

  /** Counts it, and lets go of the series of the model. */
  @Override
  public void withdrawn(Withdrawal withdrawal) {
    Counter.builder("millrace_model_withdrawals")
        .description("Models that were withdrawn because the registry had them no more")
        .tags("gone", withdrawal.cause().word())
        .register(registry)
        .increment();
    List.copyOf(registry.find(RELOADS).tag("model", withdrawal.model()).timers())
        .forEach(registry::remove);
  }
}
