package io.millrace.engine.deployment;

import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.deployment.v1.RoutingConfig;
import io.temporal.api.deployment.v1.WorkerDeploymentInfo;
import io.temporal.api.deployment.v1.WorkerDeploymentInfo.WorkerDeploymentVersionSummary;
import io.temporal.api.enums.v1.VersionDrainageStatus;
import io.temporal.api.workflow.v1.VersioningOverride;
import io.temporal.api.workflow.v1.VersioningOverride.PinnedOverride;
import io.temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior;
import io.temporal.api.workflow.v1.WorkflowExecutionOptions;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentRequest;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentRampingVersionRequest;
import io.temporal.api.workflowservice.v1.UpdateWorkflowExecutionOptionsRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one system, in all their versions.
 *
 * <p>A run is pinned: it ends on the version that it began with, while the version that was
 * promoted last takes new runs. So a new version never has to replay what an old one began.
 */
public final class Deployment {

  private final WorkflowClient client;
  private final String name;

  /**
   * Names a deployment.
   *
   * @param name for example {@code millrace}; letters, digits and dashes
   */
  public Deployment(WorkflowClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /** Where a version stands. */
  public enum State {
    /** It takes new runs. */
    CURRENT,
    /** It takes a share of the new runs. */
    RAMPING,
    /** It takes none, and some that it began are still open. */
    DRAINING,
    /** Every run that it began has ended: its workers may stop. */
    DRAINED,
    /** It was never promoted. */
    INACTIVE
  }

  /**
   * One version of the workers.
   *
   * @param buildId for example the git sha
   * @param share of the new runs that it takes, in percent
   * @param createdAt when its first worker came
   */
  public record Version(String buildId, State state, double share, Instant createdAt) {}

  /**
   * The options of a worker of one version. A worker whose version was never promoted gets no work.
   *
   * @param buildId for example the git sha: changed code must have another one
   */
  public WorkerOptions versioned(WorkerOptions options, String buildId) {
    return WorkerOptions.newBuilder(options)
        .setDeploymentOptions(
            WorkerDeploymentOptions.newBuilder()
                .setUseVersioning(true)
                .setVersion(new WorkerDeploymentVersion(name, buildId))
                .setDefaultVersioningBehavior(VersioningBehavior.PINNED)
                .build())
        .build();
  }

  /**
   * Lets a version take all new runs from now on.
   *
   * @throws IllegalArgumentException if none of its workers has ever come
   */
  public void promote(String buildId) {
    requireKnown(buildId);
    var unused =
        stub()
            .setWorkerDeploymentCurrentVersion(
                SetWorkerDeploymentCurrentVersionRequest.newBuilder()
                    .setNamespace(namespace())
                    .setDeploymentName(name)
                    .setBuildId(buildId)
                    .setIdentity(client.getOptions().getIdentity())
                    .build());
  }

  /** Lets workers without a version take all new runs from now on. */
  public void retire() {
    var unused =
        stub()
            .setWorkerDeploymentCurrentVersion(
                SetWorkerDeploymentCurrentVersionRequest.newBuilder()
                    .setNamespace(namespace())
                    .setDeploymentName(name)
                    .setIgnoreMissingTaskQueues(true)
                    .setIdentity(client.getOptions().getIdentity())
                    .build());
  }

  /**
   * Lets a version take a share of the new runs, to be promoted or taken back later.
   *
   * @param percent 0 to 100; 0 takes it back
   * @throws IllegalArgumentException if none of its workers has ever come
   */
  public void ramp(String buildId, int percent) {
    requireKnown(buildId);
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(
          "The share of version '%s' must be 0 to 100 percent, not %d".formatted(buildId, percent));
    }
    var unused =
        stub()
            .setWorkerDeploymentRampingVersion(
                SetWorkerDeploymentRampingVersionRequest.newBuilder()
                    .setNamespace(namespace())
                    .setDeploymentName(name)
                    .setBuildId(percent == 0 ? "" : buildId)
                    .setPercentage(percent)
                    .setIdentity(client.getOptions().getIdentity())
                    .build());
  }

  /**
   * All versions whose workers have ever come, the latest first; none if there is no deployment.
   */
  public List<Version> versions() {
    return describe().stream()
        .flatMap(
            info ->
                info.getVersionSummariesList().stream()
                    .map(version -> version(version, info.getRoutingConfig())))
        .sorted((a, b) -> b.createdAt().compareTo(a.createdAt()))
        .toList();
  }

  /** The version that takes new runs, if one was promoted. */
  public Optional<Version> current() {
    return versions().stream().filter(version -> version.state() == State.CURRENT).findFirst();
  }

  /** How many open runs a version has; visibility may lag by a second. */
  public long openRuns(String buildId) {
    return client.countWorkflows(openRunsOf(buildId)).getCount();
  }

  /**
   * Gives the open runs of one version to another, whose code must be able to replay them: for runs
   * whose own workers will not come back.
   *
   * @param to a version, or null for the one that takes new runs, now and later
   * @return how many
   */
  public int takeOver(String from, @Nullable String to) {
    List<WorkflowExecution> runs;
    try (Stream<WorkflowExecutionMetadata> open = client.listExecutions(openRunsOf(from))) {
      runs = open.map(WorkflowExecutionMetadata::getExecution).toList();
    }
    VersioningOverride override =
        to == null ? VersioningOverride.newBuilder().setAutoUpgrade(true).build() : pinnedTo(to);
    return (int) runs.stream().filter(run -> overridden(run, override)).count();
  }

  /** Whether it was still there. */
  private boolean overridden(WorkflowExecution run, VersioningOverride override) {
    try {
      var unused =
          stub()
              .updateWorkflowExecutionOptions(
                  UpdateWorkflowExecutionOptionsRequest.newBuilder()
                      .setNamespace(namespace())
                      .setWorkflowExecution(run)
                      .setWorkflowExecutionOptions(
                          WorkflowExecutionOptions.newBuilder().setVersioningOverride(override))
                      .setUpdateMask(FieldMask.newBuilder().addPaths("versioning_override"))
                      .setIdentity(client.getOptions().getIdentity())
                      .build());
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private VersioningOverride pinnedTo(String buildId) {
    return VersioningOverride.newBuilder()
        .setPinned(
            PinnedOverride.newBuilder()
                .setBehavior(PinnedOverrideBehavior.PINNED_OVERRIDE_BEHAVIOR_PINNED)
                .setVersion(
                    io.temporal.api.deployment.v1.WorkerDeploymentVersion.newBuilder()
                        .setDeploymentName(name)
                        .setBuildId(buildId)))
        .build();
  }

  private String openRunsOf(String buildId) {
    return "TemporalWorkerDeploymentVersion='%s:%s' AND ExecutionStatus='Running'"
        .formatted(name, buildId.replace("'", ""));
  }

  private void requireKnown(String buildId) {
    List<String> known = versions().stream().map(Version::buildId).toList();
    if (!known.contains(buildId)) {
      throw new IllegalArgumentException(
          "Deployment '%s' has no version '%s'; start a worker of it first. It has %s"
              .formatted(name, buildId, known));
    }
  }

  private Optional<WorkerDeploymentInfo> describe() {
    try {
      return Optional.of(
          stub()
              .describeWorkerDeployment(
                  DescribeWorkerDeploymentRequest.newBuilder()
                      .setNamespace(namespace())
                      .setDeploymentName(name)
                      .build())
              .getWorkerDeploymentInfo());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Version version(WorkerDeploymentVersionSummary summary, RoutingConfig routing) {
    String buildId = summary.getDeploymentVersion().getBuildId();
    double ramp =
        buildId.equals(routing.getRampingDeploymentVersion().getBuildId())
            ? routing.getRampingVersionPercentage()
            : 0;
    boolean isCurrent = buildId.equals(routing.getCurrentDeploymentVersion().getBuildId());
    State state =
        isCurrent ? State.CURRENT : ramp > 0 ? State.RAMPING : state(summary.getDrainageStatus());
    return new Version(
        buildId,
        state,
        isCurrent ? 100 - routing.getRampingVersionPercentage() : ramp,
        Instant.ofEpochMilli(Timestamps.toMillis(summary.getCreateTime())));
  }

  private static State state(VersionDrainageStatus drainage) {
    return switch (drainage) {
      case VERSION_DRAINAGE_STATUS_DRAINING -> State.DRAINING;
      case VERSION_DRAINAGE_STATUS_DRAINED -> State.DRAINED;
      default -> State.INACTIVE;
    };
  }

  private WorkflowServiceBlockingStub stub() {
    return client.getWorkflowServiceStubs().blockingStub();
  }

  private String namespace() {
    return client.getOptions().getNamespace();
  }
}
