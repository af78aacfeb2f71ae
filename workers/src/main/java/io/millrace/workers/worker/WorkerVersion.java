package io.millrace.workers.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.deployment.Deployment;
import io.millrace.engine.deployment.Deployment.State;
import io.millrace.engine.deployment.Deployment.Version;
import io.millrace.engine.deployment.Poller;
import io.millrace.engine.deployment.Pollers;
import io.millrace.workers.config.WorkerConfig.Versioning;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version of the code that this worker is, and its part in the change from one to the next.
 *
 * <p>With {@code auto} it promotes its version when none is promoted, or no worker of the promoted
 * one is alive; then it also takes over the open runs of versions that have no worker any more, as
 * a worker without a version would. While workers of the promoted version live, somebody has to
 * decide. Which workers live is looked at when it starts, and every half minute.
 */
final class WorkerVersion implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(WorkerVersion.class);

  /** What the build says when it was made outside of Git: such builds cannot be told apart. */
  private static final String UNKNOWN = "unknown";

  private static final Duration REGISTRATION = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final Versioning mode;
  private final String buildId;
  private final Deployment deployment;
  private final Pollers pollers;
  private String said = "";
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "worker-version");
            thread.setDaemon(true);
            return thread;
          });

  WorkerVersion(Versioning mode, String buildId, Deployment deployment, Pollers pollers) {
    this.mode = mode;
    this.buildId = buildId;
    this.deployment = deployment;
    this.pollers = pollers;
  }

  static WorkerVersion of(WorkflowClient client, Versioning wanted, String buildId) {
    Versioning mode = buildId.equals(UNKNOWN) ? Versioning.OFF : wanted;
    if (mode != wanted) {
      logger.warn("Runs are not pinned: the build has no id, because it was made outside of Git");
    }
    return new WorkerVersion(
        mode,
        buildId,
        new Deployment(client, Pipeline.DEPLOYMENT),
        new Pollers(client, Clock.systemUTC()));
  }

  /** The same options, of a worker of this version. */
  WorkerOptions options(WorkerOptions options) {
    return mode == Versioning.OFF ? options : deployment.versioned(options, buildId);
  }

  /** To be called when the workers poll: waits until the server knows the version. */
  void start() {
    long deadline = System.nanoTime() + REGISTRATION.toNanos();
    while (!isSettled() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    var unused =
        timer.scheduleWithFixedDelay(
            this::isSettled, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  /** Does what there is to do; tells whether the server was ready for it. */
  private boolean isSettled() {
    try {
      return step();
    } catch (StatusRuntimeException e) {
      // FAILED_PRECONDITION: the server has not heard of all our queues yet.
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        logger.warn("Cannot look after the version of this worker: {}", e.getMessage());
      }
      return false;
    }
  }

  private boolean step() {
    List<Version> versions = deployment.versions();
    Optional<Version> mine =
        versions.stream().filter(version -> version.buildId().equals(buildId)).findFirst();
    Set<String> alive =
        pollers.alive(List.of(Pipeline.TASK_QUEUE)).stream()
            .map(Poller::buildId)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    if (mode == Versioning.OFF) {
      retireAbandonedVersion(versions, alive);
      return true;
    }
    if (mine.isEmpty()) {
      return false;
    }
    State state = mine.get().state();
    if (mode == Versioning.AUTO) {
      if (state != State.CURRENT && mayPromote(versions, alive)) {
        deployment.promote(buildId);
        state = State.CURRENT;
      }
      if (state == State.CURRENT) {
        adoptOrphanedRuns(versions, alive, buildId);
      }
    }
    say(state);
    return true;
  }

  /** Of several that wait, the newest does it. */
  private boolean mayPromote(List<Version> versions, Set<String> alive) {
    boolean isTaken =
        versions.stream()
            .anyMatch(
                version -> version.state() == State.CURRENT && alive.contains(version.buildId()));
    String newest =
        versions.stream()
            .map(Version::buildId)
            .filter(version -> version.equals(buildId) || alive.contains(version))
            .findFirst()
            .orElse(buildId);
    return !isTaken && newest.equals(buildId);
  }

  private void adoptOrphanedRuns(List<Version> versions, Set<String> alive, @Nullable String to) {
    for (Version version : versions) {
      String from = version.buildId();
      if (!from.equals(to) && !alive.contains(from) && deployment.openRuns(from) > 0) {
        logger.warn(
            "Took over {} open runs of version {}, which has no worker any more",
            deployment.takeOver(from, to),
            from);
      }
    }
  }

  /** A promoted version keeps new runs from workers without one, also when its own are gone. */
  private void retireAbandonedVersion(List<Version> versions, Set<String> alive) {
    boolean isDead =
        versions.stream()
            .anyMatch(
                version -> version.state() == State.CURRENT && !alive.contains(version.buildId()));
    if (isDead) {
      deployment.retire();
      logger.warn("No version takes new runs any more: worker.versioning is off");
      adoptOrphanedRuns(versions, alive, null);
    }
  }

  /** Says it once. */
  private void say(State state) {
    String now =
        switch (state) {
          case CURRENT -> "takes all new runs";
          case RAMPING -> "takes a share of the new runs";
          case DRAINING -> "takes no new runs; this worker ends those that it began";
          case DRAINED -> "is drained: all runs that it began have ended, this worker may stop";
          case INACTIVE ->
              "takes no runs; another takes them. To change that: millrace workers promote "
                  + buildId;
        };
    if (!now.equals(said)) {
      logger.info("Version {} {}", buildId, now);
      said = now;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
