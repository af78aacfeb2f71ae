package io.millrace.flink;

import java.nio.file.Path;
import java.util.List;

/**
 * Runs the streaming jobs and Flink's Web UI in one process: {@code FlinkMain --config FILE}.
 *
 * <p>Each job goes on from its newest checkpoint or savepoint on the object store, whichever job of
 * its name wrote it, whether the process was stopped (SIGTERM: savepoint first) or killed. Its REST
 * interface, on loopback only, takes jars, so that a job can be replaced while the others run; the
 * process follows jobs by name. It ends with status 2 when a setting, or what it points to, is
 * wrong, and with 1 when a job has failed for good, or has ended and not been replaced within
 * {@code flink.replace-timeout}.
 *
 * <p>On JDK 17 Flink's serializers need {@code --add-opens java.base/java.util=ALL-UNNAMED
 * --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.time=ALL-UNNAMED}. A heap
 * of 512 MB serves 8 slots.
 */
public final class FlinkMain {
  /** All jobs, in the order in which they start. */
  public static final List<String> JOBS = Jobs.ALL;

  private FlinkMain() {}

  /** Runs until it is stopped. */
  public static void main(String[] args) {
    // The S3 client that Flink brings along would print a page about its successor.
    System.setProperty("aws.java.v1.disableDeprecationAnnouncement", "true");
    int status;
    try {
      status = run(args);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      status = 2;
    } catch (Exception e) {
      System.err.println("Flink could not be started: " + e);
      e.printStackTrace();
      status = 1;
    }
    // Flink's threads would keep the process alive.
    System.exit(status);
  }

  private static int run(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--config")) {
      throw new ConfigException("Name the settings: FlinkMain --config FILE");
    }
    FlinkConfig config = FlinkConfig.load(Path.of(args[1]), System.getenv());
    // A job that is submitted to this process finds its settings here.
    System.setProperty(JobMain.SETTINGS, args[1]);
    KafkaConnectors kafka = Jobs.prepare(config);
    List<StreamingJob> jobs =
        config.jobs().stream().map(name -> Jobs.named(name, config, kafka)).toList();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      return new JobRunner(cluster, jobs, config.replaceTimeout()).run();
    }
  }
}
