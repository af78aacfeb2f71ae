package io.millrace.flink;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the jobs, says whenever one changes its state, and stops them when the process is.
 *
 * <p>A job is the newest of its name: one that was stopped may be replaced over REST.
 */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  private final LocalCluster cluster;
  private final List<StreamingJob> jobs;
  private final Duration replaceTimeout;
  private final Map<String, LocalCluster.Run> last = new HashMap<>();
  private final Map<String, Long> endedAt = new HashMap<>();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  JobRunner(LocalCluster cluster, List<StreamingJob> jobs, Duration replaceTimeout) {
    this.cluster = cluster;
    this.jobs = List.copyOf(jobs);
    this.replaceTimeout = replaceTimeout;
  }

  /**
   * Runs the jobs until SIGTERM or until one of them ends for good.
   *
   * @return the exit status: 0 if it was stopped, 1 if a job failed or was not replaced
   */
  int run() throws Exception {
    Thread onSignal = new Thread(this::stopAndWait, "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      for (StreamingJob job : jobs) {
        cluster.submit(job);
      }
      while (!stopAsked.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        Map<String, LocalCluster.Run> runs = cluster.newest();
        for (StreamingJob job : jobs) {
          LocalCluster.Run run = runs.get(job.name());
          if (run != null && hasEndedForGood(job, run)) {
            return 1;
          }
        }
      }
      stopWithSavepoints();
      return 0;
    } finally {
      stopped.countDown();
    }
  }

  private boolean hasEndedForGood(StreamingJob job, LocalCluster.Run run) throws Exception {
    String name = job.name();
    LocalCluster.Run before = last.put(name, run);
    if (!run.equals(before)) {
      boolean replaced = before != null && !run.id().equals(before.id());
      log.info("Job {}: {}{}", name, run.status(), replaced ? ", replaced by " + run.id() : "");
    }
    if (!run.status().isGloballyTerminalState()) {
      endedAt.remove(name);
      return false;
    }
    // Whoever submitted another one looks after it, and may come back to the one before.
    if (run.status() == JobStatus.FAILED && cluster.isOwn(job, run)) {
      log.error(
          "Job {} has ended; start the process again and it goes on from its last checkpoint",
          name,
          cluster.failure(run).orElse(null));
      return true;
    }
    long ended = endedAt.computeIfAbsent(name, any -> System.nanoTime());
    if (System.nanoTime() - ended < replaceTimeout.toNanos()) {
      return false;
    }
    log.error(
        "Job {} is {} and was not replaced within flink.replace-timeout={}s; start the process"
            + " again and it goes on from its last checkpoint",
        name,
        run.status(),
        replaceTimeout.toSeconds());
    return true;
  }

  private void stopWithSavepoints() throws Exception {
    Map<String, CompletableFuture<String>> savepoints = new LinkedHashMap<>();
    Map<String, LocalCluster.Run> runs = cluster.newest();
    for (StreamingJob job : jobs) {
      Optional.ofNullable(runs.get(job.name()))
          .filter(run -> !run.status().isGloballyTerminalState())
          .ifPresent(run -> savepoints.put(job.name(), cluster.stop(job, run)));
    }
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    for (Map.Entry<String, CompletableFuture<String>> savepoint : savepoints.entrySet()) {
      String job = savepoint.getKey();
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        log.info("Job {}: stopped, {}", job, savepoint.getValue().get(left, TimeUnit.NANOSECONDS));
      } catch (ExecutionException | TimeoutException e) {
        log.warn("Job {}: no savepoint; it will go on from its last checkpoint ({})", job, e + "");
      }
    }
  }

  /** The JVM ends when its hooks have: this one lets the jobs stop first. */
  private void stopAndWait() {
    stopAsked.countDown();
    try {
      if (!stopped.await(STOP_PATIENCE.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("The jobs did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
