package io.millrace.flink;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the jobs, says whenever one changes its state, and stops them when the process is. */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  private final LocalCluster cluster;
  private final List<StreamingJob> jobs;
  private final Map<StreamingJob, JobStatus> last = new HashMap<>();
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  JobRunner(LocalCluster cluster, List<StreamingJob> jobs) {
    this.cluster = cluster;
    this.jobs = List.copyOf(jobs);
  }

  /**
   * Runs the jobs until SIGTERM or until one of them ends by itself.
   *
   * @return the exit status: 0 if it was stopped, 1 if a job failed
   */
  int run() throws Exception {
    Thread onSignal = new Thread(this::stopAndWait, "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      for (StreamingJob job : jobs) {
        cluster.submit(job);
      }
      while (!stopAsked.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        for (StreamingJob job : jobs) {
          if (watch(job).isGloballyTerminalState()) {
            reportEnd(job);
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

  private JobStatus watch(StreamingJob job) throws Exception {
    JobStatus status = cluster.status(job);
    if (status != last.put(job, status)) {
      log.info("Job {}: {}", job.name(), status);
    }
    return status;
  }

  private void reportEnd(StreamingJob job) throws Exception {
    log.error(
        "Job {} has ended; start the process again and it goes on from its last checkpoint",
        job.name(),
        cluster.failure(job).orElse(null));
  }

  private void stopWithSavepoints() throws InterruptedException {
    Map<StreamingJob, CompletableFuture<String>> savepoints = new LinkedHashMap<>();
    jobs.forEach(job -> savepoints.put(job, cluster.stop(job)));
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    for (Map.Entry<StreamingJob, CompletableFuture<String>> savepoint : savepoints.entrySet()) {
      String job = savepoint.getKey().name();
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
