package io.millrace.serving.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.serving.http.RequestListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * {@code millrace_http_requests_seconds{handler,method,status}}. A handler is a route's template,
 * so that there are as many series as routes, however many paths clients make up.
 */
final class RequestMetrics implements RequestListener {
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

  private static final int STATUSES = 600;
  static final Duration[] BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;

  /** By handler, then by method and status: nothing is made for a request but the first such. */
  private final Map<String, AtomicReferenceArray<Timer>> timers = new ConcurrentHashMap<>();

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answered(String handler, String method, int status, long nanos) {
    AtomicReferenceArray<Timer> known = timers.get(handler);
    if (known == null) {
      known =
          timers.computeIfAbsent(
              handler, name -> new AtomicReferenceArray<>((METHODS.size() + 1) * STATUSES));
    }
    int verb = METHODS.indexOf(method);
    int place = (verb < 0 ? METHODS.size() : verb) * STATUSES + Math.floorMod(status, STATUSES);
    Timer timer = known.get(place);
    if (timer == null) {
      timer = timer(handler, verb < 0 ? "other" : method, status);
      known.set(place, timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(String handler, String method, int status) {
    return Timer.builder("millrace_http_requests")
        .description("Answered requests, from the head being read to the answer being ready")
        .tags("handler", handler, "method", method, "status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
