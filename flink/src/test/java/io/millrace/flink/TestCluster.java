package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** Runs jobs in this JVM with the settings of a real start, but checkpoints in a local folder. */
final class TestCluster implements AutoCloseable {
  static final int SLOTS = 4;

  private final Path folder;
  private final FlinkConfig config;
  private final MiniCluster cluster;

  TestCluster(Path folder, String bootstrapServers, Map<String, String> more) throws Exception {
    this.folder = folder;
    this.config = config(folder, bootstrapServers, more);
    Configuration freePort = new Configuration().set(RestOptions.BIND_PORT, "0");
    this.cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(freePort)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
    cluster.start();
  }

  private static FlinkConfig config(Path folder, String servers, Map<String, String> more)
      throws IOException {
    Map<String, String> values = new TreeMap<>(more);
    values.put("kafka.bootstrap-servers", servers);
    values.put("s3.endpoint", "http://127.0.0.1:1");
    values.put("s3.access-key", "none");
    values.put("s3.secret-key", "none");
    // The others would want Redis and PostgreSQL.
    values.put("flink.jobs", "validation,alerts");
    List<String> lines =
        values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    return FlinkConfig.load(Files.write(folder.resolve("flink.properties"), lines), Map.of());
  }

  FlinkConfig config() {
    return config;
  }

  /** Starts a job and returns once all of it runs. */
  JobID run(StreamingJob job, int parallelism, Optional<String> savepoint) throws Exception {
    Configuration configuration = ClusterConfiguration.of(config, job);
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    job.build(environment);
    StreamGraph graph = environment.getStreamGraph();
    savepoint.ifPresent(
        path -> graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path, false)));
    JobID id = Waiting.result(cluster.submitJob(graph)).getJobID();
    await().until(() -> allRun(id));
    return id;
  }

  /** Looks at one picture of the job: while it is being made, that has no vertices at all. */
  private boolean allRun(JobID job) throws Exception {
    AccessExecutionGraph graph = graph(job);
    for (var vertex : graph.getAllExecutionVertices()) {
      if (vertex.getExecutionState() != ExecutionState.RUNNING) {
        return false;
      }
    }
    return graph.getState() == JobStatus.RUNNING;
  }

  private AccessExecutionGraph graph(JobID job) throws Exception {
    return Waiting.result(cluster.getExecutionGraph(job));
  }

  /** Stops a job; its savepoint holds all state, small as it is, in one file. */
  String stop(JobID job, String name) throws Exception {
    return Waiting.result(
        cluster.stopWithSavepoint(
            job,
            folder.resolve("savepoints").resolve(name).toUri().toString(),
            false,
            SavepointFormatType.CANONICAL));
  }

  /** How many checkpoints of the job are complete. */
  long completedCheckpoints(JobID job) throws Exception {
    return graph(job).getCheckpointStatsSnapshot().getCounts().getNumberOfCompletedCheckpoints();
  }

  /** Fails if the job had to be restarted. */
  void assertNeverRestarted(JobID job) throws Exception {
    AccessExecutionGraph graph = graph(job);
    assertThat(graph.getStatusTimestamp(JobStatus.RESTARTING)).as("restarts").isZero();
    assertThat(graph.getFailureInfo()).isNull();
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
