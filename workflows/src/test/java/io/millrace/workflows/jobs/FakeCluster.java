package io.millrace.workflows.jobs;

import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Jobs that a deployment stops and starts, and what was done to them. */
final class FakeCluster {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Set<String> unwell = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> stopped = new HashSet<>();

  List<String> done() {
    return done;
  }

  void unwell(String job) {
    unwell.add(job);
  }

  void refuse(String job) {
    refused.add(job);
  }

  RunningJob findRunning(String job) {
    return new RunningJob(job, "d", "old-id", "old", 2);
  }

  StoppedJob stop(EncodedValues args) {
    String job = args.get(0, StopRequest.class).running().job();
    stopped.add(job);
    done.add("stop " + job);
    return new StoppedJob(job, "s3://savepoint");
  }

  StartedJob start(EncodedValues args) {
    StartRequest request = args.get(0, StartRequest.class);
    String job = request.running().job();
    if (refused.contains(job)) {
      throw ApplicationFailure.newNonRetryableFailure("main throws", "JOB_FAILED");
    }
    done.add("start %s %s".formatted(job, request.build().sha256()));
    return new StartedJob(job, "new-id", request.build().sha256(), request.from());
  }

  HealthReport watch(EncodedValues args) {
    String job = args.get(0, HealthRequest.class).started().job();
    return unwell.contains(job)
        ? new HealthReport(job, false, job + ": 7 restarts, of 0 allowed")
        : new HealthReport(job, true, "2 checkpoints");
  }

  DeployOutcome settle(EncodedValues args) {
    OutcomeRequest request = args.get(0, OutcomeRequest.class);
    String job = request.running().job();
    if (request.health() != null && request.health().passed()) {
      return new DeployOutcome(job, true, "the new build stays");
    } else if (!stopped.contains(job)) {
      done.add("untouched " + job);
      return new DeployOutcome(job, false, "it runs, untouched");
    }
    done.add("back " + job);
    return new DeployOutcome(job, false, "build old is back");
  }
}
