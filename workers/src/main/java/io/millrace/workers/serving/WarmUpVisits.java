package io.millrace.workers.serving;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What a server is asked beside its load, now and then and by other clients: whether it is ready,
 * what it serves, its metrics, to load a version, and what it refuses.
 *
 * <p>Code that was compiled while none of it came is thrown away when the first comes, with all the
 * server's load upon it: one such request had 16 methods compiled anew. The answers are not looked
 * at; what matters is that they are given.
 */
final class WarmUpVisits implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Loading a version asks the registry seven times: it comes once in so many visits. */
  private static final int BETWEEN_LOADS = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<HttpRequest> loads;
  private final List<HttpRequest> others;
  private final AtomicInteger loaded = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "warm-up-visits");

  /** Does nothing yet. */
  WarmUpVisits(int port, List<String> models) {
    this.loads = models.stream().map(model -> post(port, model + "/reload", "")).toList();
    this.others =
        Stream.concat(
                Stream.of("/health/ready", "/health/live", "/metrics", "/models", "/none")
                    .map(path -> request(port, path).GET().build()),
                models.stream().flatMap(model -> of(port, model)))
            .toList();
  }

  void start() {
    thread.start();
  }

  /** How many versions were loaded, or tried to be. */
  int loaded() {
    return loaded.get();
  }

  private static Stream<HttpRequest> of(int port, String model) {
    return Stream.of(
        request(port, "/models/" + model).GET().build(),
        post(port, model + "/predict", "{\"instances\":[{\"none\":1}]}"),
        post(port, model + "/predict", "{"));
  }

  private static HttpRequest post(int port, String path, String body) {
    return request(port, "/models/" + path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT);
  }

  private void run() {
    try {
      for (int visit = 1; ; visit++) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        boolean load = visit % BETWEEN_LOADS == 0;
        var unused =
            http.send(
                load
                    ? loads.get(visit / BETWEEN_LOADS % loads.size())
                    : others.get(visit % others.size()),
                BodyHandlers.discarding());
        loaded.addAndGet(load ? 1 : 0);
      }
    } catch (InterruptedException | IOException e) {
      // By close, or the server does not answer: then the load beside this one says so.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
