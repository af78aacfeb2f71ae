package io.millrace.stack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The TCP ports of the stack, each with its default; all listen on 127.0.0.1 only. */
public enum Port {
  TEMPORAL(Component.TEMPORAL, 7233),
  TEMPORAL_UI(Component.TEMPORAL, 8233),
  TEMPORAL_HTTP(Component.TEMPORAL, 7243),
  TEMPORAL_METRICS(Component.TEMPORAL, 7253),
  /** Where a worker decodes payloads for Temporal's Web UI; Temporal itself does not listen. */
  TEMPORAL_CODEC(Component.TEMPORAL, 8234),
  /** Where a worker shows its metrics to Prometheus; Temporal itself does not listen. */
  WORKER_METRICS(Component.TEMPORAL, 9464),
  POSTGRES(Component.POSTGRES, 5432),
  KAFKA(Component.KAFKA, 9092),
  KAFKA_CONTROLLER(Component.KAFKA, 9093),
  S3(Component.S3, 9000),
  S3_GRPC(Component.S3, 19000),
  S3_MASTER(Component.S3, 9333),
  S3_MASTER_GRPC(Component.S3, 19333),
  S3_VOLUME(Component.S3, 9340),
  S3_VOLUME_GRPC(Component.S3, 19340),
  S3_FILER(Component.S3, 8888),
  S3_FILER_GRPC(Component.S3, 18888),
  REDIS(Component.REDIS, 6379),
  MLFLOW(Component.MLFLOW, 5001),
  CONNECT(Component.CONNECT, 8083),
  FLINK(Component.FLINK, 8081),
  FLINK_METRICS(Component.FLINK, 9249);

  private final Component component;
  private final int standard;

  Port(Component component, int standard) {
    this.component = component;
    this.standard = standard;
  }

  /** The number unless the configuration says otherwise. */
  public int standard() {
    return standard;
  }

  /** Its name in the configuration: {@code ports.kafka-controller} is {@code kafka-controller}. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The environment variable that sets it. */
  public String variable() {
    return "MILLRACE_" + name() + "_PORT";
  }

  /** The ports of a component, the one its clients use first. */
  public static List<Port> of(Component component) {
    return Arrays.stream(values()).filter(port -> port.component == component).toList();
  }
}
