package io.millrace.stack;

import java.util.Locale;
import java.util.Set;

/** The servers of the local stack. */
public enum Component {
  /** Temporal server and Web UI. */
  TEMPORAL,
  /** PostgreSQL 18 with a database {@code millrace}. */
  POSTGRES,
  /** One Kafka broker that is its own controller (KRaft). */
  KAFKA,
  /** An S3 object store. */
  S3,
  /** Redis. */
  REDIS,
  /**
   * MLflow tracking server and model registry; its tables lie in {@link #POSTGRES}, its artifacts
   * in {@link #S3}.
   */
  MLFLOW,
  /** A Flink cluster in one process that runs the streaming jobs. */
  FLINK;

  /** The name of its process, log and settings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What must be well before this one is started. */
  public Set<Component> needs() {
    return switch (this) {
      case MLFLOW -> Set.of(S3, POSTGRES);
      case FLINK -> Set.of(S3, KAFKA);
      default -> Set.of();
    };
  }
}
