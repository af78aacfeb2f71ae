package io.millrace.activities.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workflows.jobs.DeployOutcome;
import io.millrace.workflows.jobs.HealthReport;
import io.millrace.workflows.jobs.HealthRequest;
import io.millrace.workflows.jobs.JobActivities;
import io.millrace.workflows.jobs.JobBuild;
import io.millrace.workflows.jobs.OutcomeRequest;
import io.millrace.workflows.jobs.RunningJob;
import io.millrace.workflows.jobs.SavepointRequest;
import io.millrace.workflows.jobs.SavepointResult;
import io.millrace.workflows.jobs.StartRequest;
import io.millrace.workflows.jobs.StartedJob;
import io.millrace.workflows.jobs.StopRequest;
import io.millrace.workflows.jobs.StoppedJob;
import org.jspecify.annotations.Nullable;

/** Does every step that changes something twice, as after a worker that died before it answered. */
record TwiceActivities(JobActivities real) implements JobActivities {

  @Override
  public JobBuild store(@Nullable String jar) {
    JobBuild first = real.store(jar);
    assertThat(real.store(jar)).isEqualTo(first);
    return first;
  }

  @Override
  public RunningJob findRunning(String job) {
    return real.findRunning(job);
  }

  @Override
  public StoppedJob stop(StopRequest request) {
    StoppedJob first = real.stop(request);
    assertThat(real.stop(request)).isEqualTo(first);
    return first;
  }

  @Override
  public StartedJob start(StartRequest request) {
    StartedJob first = real.start(request);
    assertThat(real.start(request)).isEqualTo(first);
    return first;
  }

  @Override
  public HealthReport watch(HealthRequest request) {
    return real.watch(request);
  }

  @Override
  public DeployOutcome settle(OutcomeRequest request) {
    DeployOutcome first = real.settle(request);
    assertThat(real.settle(request)).isEqualTo(first);
    return first;
  }

  @Override
  public SavepointResult savepoint(SavepointRequest request) {
    SavepointResult first = real.savepoint(request);
    assertThat(real.savepoint(request).path()).isEqualTo(first.path());
    return first;
  }
}
