package io.millrace.workers.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.stack.StackException;
import io.millrace.stack.process.Ports;
import io.millrace.stack.process.Supervisor;
import io.millrace.testing.Waiting;
import io.millrace.workers.config.Settings;
import io.millrace.workers.serving.Serving;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Serving's processes behind the real proxy. Their registry has no models: only how they come and
 * go counts.
 */
@Tag("chaos")
class ReplicasIT {
  private static final int CLIENTS = 4;

  /** Between two requests of a client: replicas that start get what processor time is left. */
  private static final long PAUSE_NANOS = 2_000_000;

  private static final AtomicBoolean REGISTRY_AWAY = new AtomicBoolean();

  private static HttpServer registry;
  private static LocalStack stack;
  private static Path state;
  private static Supervisor supervisor;
  private static ServingProcesses serving;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext("/", ReplicasIT::answer);
    registry.start();
    stack = LocalStack.forTests(Component.REDIS);
    supervisor = stack.stack().supervisor();
    state = stack.stack().config().state();
    Files.writeString(state.resolve("millrace.properties"), "mlflow.tracking-uri=" + registryUrl());
    serving =
        new ServingProcesses(stack.stack().config().home(), state, state, Ports.free(1).get(0));
    serving.start(supervisor, 2);
  }

  @AfterEach
  void stopAsking() {
    stop.set(true);
    REGISTRY_AWAY.set(false);
  }

  @AfterAll
  static void stop() {
    serving.start(supervisor, 0);
    stack.close();
    registry.stop(0);
  }

  private static String registryUrl() {
    return "http://127.0.0.1:" + registry.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] nothing = "{}".getBytes(UTF_8);
    exchange.sendResponseHeaders(REGISTRY_AWAY.get() ? 503 : 200, nothing.length);
    exchange.getResponseBody().write(nothing);
    exchange.close();
  }

  @Test
  void noRequestFailsWhileTheyStartAnew() {
    List<Long> before = pids();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(CompletableFuture.runAsync(this::ask));
    }
    awaitMore();

    List<String> restarted = new ArrayList<>();
    int replicas =
        serving.restart(
            supervisor,
            Duration.ofSeconds(1),
            (name, work) -> {
              restarted.add(name);
              work.run();
            });
    assertThat(replicas).isEqualTo(2);
    assertThat(restarted).containsExactly("serving-1", "serving-2");

    awaitMore();
    stop.set(true);
    clients.forEach(CompletableFuture::join);
    assertThat(failures).isEmpty();
    assertThat(pids()).doesNotContainAnyElementsOf(before);
  }

  @Test
  void noneStopsWhileTheRegistryIsAway() {
    List<Long> before = pids();
    REGISTRY_AWAY.set(true);

    assertThatThrownBy(() -> serving.restart(supervisor, Duration.ZERO, (name, work) -> work.run()))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith("Nothing was restarted: the replicas would find no models.")
        .hasMessageContaining(registryUrl());

    assertThat(pids()).isEqualTo(before);
    Settings settings = Settings.load(state, state, Map.of("SERVING_WARM_UP", "1s"));
    assertThatThrownBy(() -> Serving.start(settings))
        .as("one that started nevertheless")
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the model registry did not answer for 1 s")
        .hasMessageContaining(registryUrl());
  }

  @Test
  void oneThatEndsAfterItTookOverIsTheLastThatIsReplaced() {
    long second = pids().get(1);

    assertThatThrownBy(
            () ->
                serving.restart(
                    supervisor,
                    Duration.ZERO,
                    (name, work) -> {
                      work.run();
                      supervisor.kill(name);
                    }))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith("serving-1 has ended since it took over")
        .hasMessageContaining(supervisor.log("serving-1").toString());

    assertThat(supervisor.find("serving-2").orElseThrow().id().pid()).isEqualTo(second);
    serving.start(supervisor, 2);
    assertThat(pids()).hasSize(2).contains(second);
  }

  private void awaitMore() {
    int now = answered.get();
    await().until(() -> answered.get() > now + 200);
  }

  private List<Long> pids() {
    return supervisor.names().stream()
        .filter(name -> name.matches("serving-[0-9]"))
        .map(name -> supervisor.find(name).orElseThrow().id().pid())
        .toList();
  }

  private void ask() {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(serving.url().resolve("/health/live"))
            .timeout(Waiting.LIMIT)
            .build();
    while (!stop.get()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      try {
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status == 200) {
          answered.incrementAndGet();
        } else {
          failures.add("status " + status);
        }
      } catch (IOException e) {
        failures.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
