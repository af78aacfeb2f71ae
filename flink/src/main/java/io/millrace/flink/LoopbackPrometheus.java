package io.millrace.flink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.jspecify.annotations.Nullable;

/**
 * Flink's metrics at {@code http://127.0.0.1:PORT/metrics}, named as Flink's own Prometheus
 * reporter names them. That one would listen on every interface.
 */
public final class LoopbackPrometheus extends AbstractPrometheusReporter {
  static final String PORT = "port";
  private static final String OK_TYPE = TextFormat.CONTENT_TYPE_004;

  private @Nullable HttpServer server;

  private LoopbackPrometheus() {}

  /** Makes it; found as a service. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new LoopbackPrometheus();
    }
  }

  @Override
  public void open(MetricConfig config) {
    super.open(config);
    int port = config.getInteger(PORT, 0);
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
      CollectorRegistry metrics = registry();
      started.createContext("/metrics", exchange -> answer(exchange, metrics));
      started.start();
      server = started;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on flink.metrics-port=" + port, e);
    }
  }

  /** The parent's, which it shows to its own package only. */
  private CollectorRegistry registry() {
    try {
      Field registry = AbstractPrometheusReporter.class.getDeclaredField("registry");
      registry.setAccessible(true);
      return (CollectorRegistry) registry.get(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This Flink's Prometheus reporter has no registry", e);
    }
  }

  private static void answer(HttpExchange exchange, CollectorRegistry metrics) throws IOException {
    try (exchange;
        Writer body = body(exchange)) {
      TextFormat.write004(body, metrics.metricFamilySamples());
    }
  }

  private static Writer body(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", OK_TYPE);
    exchange.sendResponseHeaders(200, 0);
    return new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    HttpServer running = server;
    if (running != null) {
      running.stop(0);
    }
    super.close();
  }
}
