package io.millrace.workers.metrics;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.millrace.engine.pool.PoolReport;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How full the pools are. Every worker tells the same, so take the maximum over them. */
final class PoolGauges implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(PoolGauges.class);

  private final Supplier<List<PoolReport>> source;
  private final MultiGauge slots;
  private final MultiGauge used;
  private final MultiGauge waiting;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pool-gauges");
            thread.setDaemon(true);
            return thread;
          });

  PoolGauges(MeterRegistry registry, Supplier<List<PoolReport>> source, Duration every) {
    this.source = source;
    this.slots = gauge(registry, "millrace_pool_slots", "Slots that a pool has");
    this.used = gauge(registry, "millrace_pool_slots_used", "Slots of a pool that are in use");
    this.waiting = gauge(registry, "millrace_pool_waiting", "Tasks that wait for slots of a pool");
    long millis = every.toMillis();
    var unused = timer.scheduleWithFixedDelay(this::look, 0, millis, TimeUnit.MILLISECONDS);
  }

  /** An exception would end the timer; what was seen last stays until a look succeeds. */
  private void look() {
    try {
      List<PoolReport> pools = source.get();
      tell(slots, pools, PoolReport::slots);
      tell(used, pools, PoolReport::used);
      tell(waiting, pools, PoolReport::waiting);
    } catch (StatusRuntimeException | WorkflowException e) {
      logger.debug("Pools not seen: {}", e.getMessage());
    } catch (RuntimeException e) {
      logger.warn("Pools not seen", e);
    }
  }

  private static void tell(
      MultiGauge gauge, List<PoolReport> pools, ToIntFunction<PoolReport> value) {
    gauge.register(
        pools.stream()
            .map(pool -> MultiGauge.Row.of(Tags.of("pool", pool.name()), value.applyAsInt(pool)))
            .toList(),
        true);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
