package io.millrace.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JobManager, TaskManager and Web UI in this process. */
final class LocalCluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalCluster.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FlinkConfig config;
  private final MiniCluster cluster;

  private LocalCluster(FlinkConfig config, MiniCluster cluster) {
    this.config = config;
    this.cluster = cluster;
  }

  /**
   * Starts it.
   *
   * @throws ConfigException if the port is taken or the work directory cannot be written
   */
  static LocalCluster start(FlinkConfig config) throws Exception {
    requireFree(config.restPort());
    clearWorkDir(config.workDir());
    Configuration configuration = ClusterConfiguration.of(config);
    FileSystem.initialize(configuration, null);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(config.parallelism() * config.jobs().size())
                .build());
    cluster.start();
    return new LocalCluster(config, cluster);
  }

  /** Starts the job from its newest checkpoint or savepoint, or afresh when it has none. */
  void submit(StreamingJob job) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(ClusterConfiguration.of(config, job));
    job.build(environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(job.name());
    graph.setJobId(id(job));
    Optional<RestorePoints.RestorePoint> newest = restorePoints(job).newest();
    newest.ifPresent(
        point ->
            graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(
                    point.path().toString(), false, RecoveryClaimMode.CLAIM)));
    log.info(
        "Job {}: starting {}",
        job.name(),
        newest.map(p -> "from checkpoint %d, %s".formatted(p.number(), p.path())).orElse("afresh"));
    await(cluster.submitJob(graph), PATIENCE);
  }

  /** The job's state; it fails when the cluster does not answer. */
  JobStatus status(StreamingJob job) throws Exception {
    return await(cluster.getJobStatus(id(job)), PATIENCE);
  }

  /** Ends when the job does, with why. */
  Optional<Throwable> failure(StreamingJob job) throws Exception {
    return await(cluster.requestJobResult(id(job)), PATIENCE)
        .getSerializedThrowable()
        .map(t -> t.deserializeError(LocalCluster.class.getClassLoader()));
  }

  /** Begins to stop the job with a savepoint, all output up to which is published. */
  CompletableFuture<String> stop(StreamingJob job) {
    return cluster.stopWithSavepoint(
        id(job), restorePoints(job).savepoints().toString(), false, SavepointFormatType.CANONICAL);
  }

  /** Ends everything at once, if that takes no longer than ten seconds. */
  @Override
  public void close() {
    cluster.closeAsync().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static RestorePoints restorePoints(StreamingJob job) {
    return new RestorePoints(ClusterConfiguration.checkpoints(job));
  }

  /** The same for a job of this name for ever, so that its checkpoints stand in one folder. */
  private static JobID id(StreamingJob job) {
    UUID uuid = UUID.nameUUIDFromBytes(job.name().getBytes(StandardCharsets.UTF_8));
    return new JobID(uuid.getLeastSignificantBits(), uuid.getMostSignificantBits());
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      throw new ConfigException(
          "flink.rest-port is %d, but that port is taken: stop what listens there or choose another"
              .formatted(port),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot try flink.rest-port " + port, e);
    }
  }

  /** What a killed process left is of no use: everything that counts is on the object store. */
  private static void clearWorkDir(Path workDir) {
    try {
      for (String name : ClusterConfiguration.WORK_FOLDERS) {
        Path folder = workDir.resolve(name);
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new ConfigException(
          "flink.work-dir is %s, but cannot be written (%s): choose another".formatted(workDir, e),
          e);
    }
  }
}
