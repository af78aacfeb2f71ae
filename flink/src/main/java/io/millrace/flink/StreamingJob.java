package io.millrace.flink;

import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job that {@link FlinkMain} runs and restores by its name. */
public interface StreamingJob {

  /** Name in the Web UI, and folder of the job's checkpoints: never changed once in use. */
  String name();

  /** How often a consistent state is stored and the output up to it is published. */
  Duration checkpointInterval();

  /** Adds the job's graph; every operator has a uid, so that its state survives a new build. */
  void build(StreamExecutionEnvironment environment);
}
