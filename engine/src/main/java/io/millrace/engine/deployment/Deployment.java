package io.millrace.engine.deployment;

import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.deployment.v1.WorkerDeploymentInfo;
import io.temporal.api.deployment.v1.WorkerDeploymentInfo.WorkerDeploymentVersionSummary;
import io.temporal.api.enums.v1.VersionDrainageStatus;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentRequest;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
   * @param createdAt when its first worker came
   */
  public record Version(String buildId, State state, Instant createdAt) {}

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
    if (versions().stream().noneMatch(version -> version.buildId().equals(buildId))) {
      throw new IllegalArgumentException(
          "Deployment '%s' has no version '%s'; start a worker of it first. It has %s"
              .formatted(name, buildId, versions().stream().map(Version::buildId).toList()));
    }
    var unused =
        client
            .getWorkflowServiceStubs()
            .blockingStub()
            .setWorkerDeploymentCurrentVersion(
                SetWorkerDeploymentCurrentVersionRequest.newBuilder()
                    .setNamespace(client.getOptions().getNamespace())
                    .setDeploymentName(name)
                    .setBuildId(buildId)
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
                    .map(
                        version ->
                            version(
                                version,
                                info.getRoutingConfig()
                                    .getCurrentDeploymentVersion()
                                    .getBuildId())))
        .sorted((a, b) -> b.createdAt().compareTo(a.createdAt()))
        .toList();
  }

  private Optional<WorkerDeploymentInfo> describe() {
    try {
      return Optional.of(
          client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeWorkerDeployment(
                  DescribeWorkerDeploymentRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
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

  private static Version version(WorkerDeploymentVersionSummary summary, String current) {
    String buildId = summary.getDeploymentVersion().getBuildId();
    return new Version(
        buildId,
        buildId.equals(current) ? State.CURRENT : state(summary.getDrainageStatus()),
        Instant.ofEpochMilli(Timestamps.toMillis(summary.getCreateTime())));
  }

  private static State state(VersionDrainageStatus drainage) {
    return switch (drainage) {
      case VERSION_DRAINAGE_STATUS_DRAINING -> State.DRAINING;
      case VERSION_DRAINAGE_STATUS_DRAINED -> State.DRAINED;
      default -> State.INACTIVE;
    };
  }
}
