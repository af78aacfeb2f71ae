package io.millrace.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.client.JobStatusMessage;
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
  private final RestGateway gateway;

  private LocalCluster(FlinkConfig config, MiniCluster cluster, RestGateway gateway) {
    this.config = config;
    this.cluster = cluster;
    this.gateway = gateway;
  }

  /**
   * Starts it.
   *
   * @throws ConfigException if the port is taken or the work directory cannot be written
   */
  static LocalCluster start(FlinkConfig config) throws Exception {
    requireFree("flink.rest-port", config.restPort());
    requireFree("flink.metrics-port", config.metricsPort());
    clearWorkDir(config.workDir());
    JobBuild.offer(config.workDir().resolve("jars"));
    Configuration configuration = ClusterConfiguration.of(config);
    TlsIdentity identity = TlsIdentity.in(config.workDir());
    identity.configure(configuration);
    FileSystem.initialize(configuration, null);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(config.parallelism() * config.jobs().size())
                .build());
    cluster.start();
    RestGateway gateway =
        RestGateway.start(
            await(cluster.getRestAddress(), PATIENCE),
            identity.context(),
            config.restPort(),
            config.restToken().value());
    return new LocalCluster(config, cluster, gateway);
  }

  /** Starts the job from its newest checkpoint or savepoint, or afresh when it has none. */
  void submit(StreamingJob job) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(ClusterConfiguration.of(config, job));
    environment.setParallelism(config.parallelism());
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

  /** A job that was started once, and how it is. */
  record Run(JobID id, JobStatus status) {}

  /** The job that was started last, of each name. */
  Map<String, Run> newest() throws Exception {
    return await(cluster.listJobs(), PATIENCE).stream()
        .sorted(Comparator.comparingLong(JobStatusMessage::getStartTime))
        .collect(
            Collectors.toMap(
                JobStatusMessage::getJobName,
                job -> new Run(job.getJobId(), job.getJobState()),
                (older, newer) -> newer));
  }

  /** Whether this process started it, and nobody over REST. */
  boolean isOwn(StreamingJob job, Run run) {
    return run.id().equals(id(job));
  }

  /** Why it ended; waits for its end. */
  Optional<Throwable> failure(Run run) throws Exception {
    return await(cluster.requestJobResult(run.id()), PATIENCE)
        .getSerializedThrowable()
        .map(t -> t.deserializeError(LocalCluster.class.getClassLoader()));
  }

  /** Begins to stop it with a savepoint, all output up to which is published. */
  CompletableFuture<String> stop(StreamingJob job, Run run) {
    return cluster.stopWithSavepoint(
        run.id(), restorePoints(job).savepoints().toString(), false, SavepointFormatType.CANONICAL);
  }

  /** Ends everything at once, if that takes no longer than ten seconds. */
  @Override
  public void close() {
    gateway.close();
    cluster.closeAsync().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static RestorePoints restorePoints(StreamingJob job) {
    return new RestorePoints(ClusterConfiguration.checkpoints(job));
  }

  /** The same for every job of this name that this process starts. */
  private static JobID id(StreamingJob job) {
    UUID uuid = UUID.nameUUIDFromBytes(job.name().getBytes(StandardCharsets.UTF_8));
    return new JobID(uuid.getLeastSignificantBits(), uuid.getMostSignificantBits());
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void requireFree(String setting, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      throw new ConfigException(
          "%s is %d, but that port is taken: stop what listens there or choose another"
              .formatted(setting, port),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot try %s %d".formatted(setting, port), e);
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
