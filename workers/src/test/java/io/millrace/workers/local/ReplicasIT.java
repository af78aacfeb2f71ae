package io.millrace.workers.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.stack.process.Ports;
import io.millrace.stack.process.Supervisor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Serving's processes behind the real proxy. They have no model: only how they come and go counts.
 */
class ReplicasIT {
  private static final int CLIENTS = 4;

  /** Between two requests of a client: replicas that start get what processor time is left. */
  private static final long PAUSE_NANOS = 2_000_000;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private LocalStack stack;
  private Supervisor supervisor;
  private ServingProcesses serving;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() {
    stack = LocalStack.forTests(Component.REDIS);
    supervisor = stack.stack().supervisor();
    Path state = stack.stack().config().state();
    serving =
        new ServingProcesses(stack.stack().config().home(), state, state, Ports.free(1).get(0));
    serving.start(supervisor, 2);
  }

  @AfterEach
  void stop() {
    stop.set(true);
    serving.start(supervisor, 0);
    stack.close();
  }

  @Test
  void noRequestFailsWhileTheyStartAnew() {
    List<Long> before = pids();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(CompletableFuture.runAsync(this::ask));
    }
    awaitMore();

    assertThat(serving.restart(supervisor, Duration.ofSeconds(1))).isEqualTo(2);

    awaitMore();
    stop.set(true);
    clients.forEach(CompletableFuture::join);
    assertThat(failures).isEmpty();
    assertThat(pids()).doesNotContainAnyElementsOf(before);
  }

  private void awaitMore() {
    int now = answered.get();
    await().atMost(LIMIT).until(() -> answered.get() > now + 200);
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
        HttpRequest.newBuilder(serving.url().resolve("/health/live")).timeout(LIMIT).build();
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
