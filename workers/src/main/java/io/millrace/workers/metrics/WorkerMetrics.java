package io.millrace.workers.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.engine.logs.StoredTaskLogs;
import io.millrace.engine.pool.Pools;
import io.millrace.workers.config.MetricsConfig;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what the engine ({@code millrace_…}), Temporal's SDK ({@code temporal_…}) and the JVM
 * tell, and serves it to Prometheus at {@code /metrics}.
 */
public final class WorkerMetrics implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(WorkerMetrics.class);
  private static final double[] BUCKETS_SECONDS = {
    0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400
  };

  private static final Set<String> LABELS =
      Set.of("dag", "task", "state", "pool", "outcome", "namespace");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Scope scope;
  private final @Nullable HttpServer server;
  private final String url;
  private @Nullable PoolGauges pools;

  private WorkerMetrics(@Nullable HttpServer server, String url) {
    this.server = server;
    this.url = url;
    registry.config().meterFilter(new Buckets());
    this.scope =
        new RootScopeBuilder()
            .reporter(new MicrometerClientStatsReporter(registry))
            .reportEvery(com.uber.m3.util.Duration.ofSeconds(1));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    if (server != null) {
      server.createContext("/metrics", this::scrape);
      server.start();
    }
  }

  /** Starts. That the port is taken is no failure, but then this worker is not scraped. */
  public static WorkerMetrics start(MetricsConfig config) {
    if (config.port() == 0) {
      return new WorkerMetrics(null, "");
    }
    try {
      return new WorkerMetrics(
          HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0), config.url());
    } catch (IOException e) {
      logger.warn(
          "No metrics at {} ({}): is another worker there? Give each its own metrics.port, or 0.",
          config.url(),
          e.getMessage());
      return new WorkerMetrics(null, "");
    }
  }

  /** For the options of the connection to Temporal. */
  public Scope scope() {
    return scope;
  }

  /** Where it listens, for the log. */
  public String address() {
    return server == null ? "none" : url;
  }

  /** Also tells what the logs of tasks lost. */
  public void watch(StoredTaskLogs logs) {
    FunctionCounter.builder("millrace_task_logs_dropped", logs, StoredTaskLogs::droppedLogs)
        .description("Logs of tries that could not be stored")
        .register(registry);
    FunctionCounter.builder("millrace_task_log_lines_dropped", logs, StoredTaskLogs::droppedLines)
        .description("Lines of tasks that there was no memory for")
        .register(registry);
  }

  /** Also tells how full the pools are; asks each every so often. */
  public void watch(Pools source, Duration every) {
    pools = new PoolGauges(registry, () -> source.list().pools(), every);
  }

  private void scrape(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    if (pools != null) {
      pools.close();
    }
    if (server != null) {
      server.stop(0);
    }
    try {
      scope.close();
    } catch (ScopeCloseException e) {
      logger.warn("The last metrics are not told: {}", e.getMessage());
    }
    registry.close();
  }

  /**
   * Gives every timer buckets, of which Prometheus computes quantiles over all workers, and keeps
   * of our own only the labels that say something: the SDK's reporter adds all of its own.
   */
  private static final class Buckets implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      return id.getName().startsWith("millrace_")
          ? id.replaceTags(
              id.getTags().stream().filter(tag -> LABELS.contains(tag.getKey())).toList())
          : id;
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      return id.getType() != Meter.Type.TIMER || id.getName().contains("request_latency")
          ? config
          : DistributionStatisticConfig.builder()
              .serviceLevelObjectives(
                  DoubleStream.of(BUCKETS_SECONDS).map(seconds -> seconds * 1e9).toArray())
              .build()
              .merge(config);
    }
  }
}
