package io.millrace.bench.serving;

import io.millrace.bench.Figures;
import io.millrace.stack.process.Supervisor;
import io.millrace.workers.local.ServingProcesses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What changes behind the proxy while requests come: the champion's version, and the replicas. */
final class RolloutChanges {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ServingProcesses serving;
  private final Supervisor supervisor;
  private final String model;
  private final int replicas;
  private final HttpClient http = HttpClient.newHttpClient();

  RolloutChanges(ServingProcesses serving, Supervisor supervisor, String model, int replicas) {
    this.serving = serving;
    this.supervisor = supervisor;
    this.model = model;
    this.replicas = replicas;
  }

  /** Moves the champion; returns to which version. */
  @FunctionalInterface
  interface Move {
    String to(int turn);
  }

  /**
   * What was changed.
   *
   * @param reloads milliseconds from each move until all replicas answered with it
   * @param restartFrom the second, from 0, in which the restart of the replicas began
   * @param restartTo the second in which it ended
   */
  record Done(List<Double> reloads, double restartFrom, double restartTo) {
    boolean restartedIn(int second) {
      return second >= Math.floor(restartFrom) && second <= restartTo;
    }

    double reloadMillis(double percent) {
      return Figures.percentile(
          percent, reloads.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /**
   * Moves the champion every so often until the time is over, and restarts the replicas in its
   * midst.
   *
   * @throws IllegalArgumentException if there is no time for two moves
   */
  Done run(Move move, Duration duration, Duration every) {
    int turns = (int) duration.dividedBy(every) - 1;
    if (turns < 2) {
      throw new IllegalArgumentException(
          "--seconds %d is too short for versions every %d s: at least three times as long"
              .formatted(duration.toSeconds(), every.toSeconds()));
    }
    long start = System.nanoTime();
    List<Double> reloads = new ArrayList<>();
    CompletableFuture<Double> restarted = new CompletableFuture<>();
    double restartFrom = 0;
    for (int turn = 1; turn <= turns; turn++) {
      sleepUntil(start + turn * every.toNanos());
      long moved = System.nanoTime();
      awaitVersion(move.to(turn));
      reloads.add((System.nanoTime() - moved) / 1e6);
      if (turn == turns / 2) {
        restartFrom = Figures.secondsSince(start);
        restarted.completeAsync(
            () -> {
              int unused =
                  serving.restart(
                      supervisor, ServingProcesses.OVERLAP, (replica, work) -> work.run());
              return Figures.secondsSince(start);
            });
      }
    }
    return new Done(reloads, restartFrom, restarted.join());
  }

  private static void sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two changes", e);
    }
  }

  /** Until the replicas answer with a version, all that are not being restarted. */
  void awaitVersion(String version) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (Set<String> all = served(); !all.equals(Set.of(version)); all = served()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The replicas answer with %s and do not come to %s".formatted(all, version));
      }
      sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** The versions of the replicas that listen. */
  private Set<String> served() {
    return IntStream.rangeClosed(1, replicas)
        .mapToObj(replica -> served(serving.url().getPort() + replica))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  /**
   * The version of a replica: none while it does not listen, an empty one while it has no model.
   */
  private Optional<String> served(int port) {
    URI url = URI.create("http://127.0.0.1:%d/models/%s".formatted(port, model));
    HttpRequest request = HttpRequest.newBuilder(url).timeout(LIMIT).build();
    try {
      byte[] answer = http.send(request, BodyHandlers.ofByteArray()).body();
      return Optional.of(Figures.JSON.readTree(answer).path("version").asText());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + url, e);
    }
  }
}
