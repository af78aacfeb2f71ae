package io.millrace.workflows.jobs;

import org.jspecify.annotations.Nullable;

/**
 * What is to be started.
 *
 * @param build the jar
 * @param running what ran before
 * @param from where it stopped
 * @param parallelism of the new job; 0: the cluster's default
 * @param allowNonRestoredState see {@link DeployParams}
 */
public record StartRequest(
    JobBuild build,
    RunningJob running,
    @Nullable String from,
    int parallelism,
    boolean allowNonRestoredState) {

  StartRequest(JobBuild build, RunningJob running, StoppedJob stopped, DeployParams params) {
    this(
        build,
        running,
        stopped.from(),
        params.parallelism() == null ? running.parallelism() : params.parallelism(),
        params.allowNonRestoredState());
  }
}
