package io.millrace.stack;

import java.util.EnumSet;
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
  /**
   * Kafka Connect with Debezium, and the database {@code cdc} that it reads; only started where it
   * is asked for.
   */
  CONNECT,
  /** A Flink cluster in one process that runs the streaming jobs. */
  FLINK;

  /** Those that a stack is of no use without; the others are started where they are asked for. */
  public static Set<Component> standard() {
    return EnumSet.complementOf(EnumSet.of(CONNECT));
  }

  /** The name of its process, log and settings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What must be well before this one is started. */
  public Set<Component> needs() {
    return switch (this) {
      case MLFLOW -> Set.of(S3, POSTGRES);
      case CONNECT -> Set.of(KAFKA, POSTGRES);
      case FLINK -> Set.of(S3, KAFKA, REDIS, POSTGRES);
      default -> Set.of();
    };
  }
}
