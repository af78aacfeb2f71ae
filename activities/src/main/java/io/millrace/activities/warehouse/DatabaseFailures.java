package io.millrace.activities.warehouse;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.sql.SQLException;

/** Says what an SQLSTATE means for whoever runs the pipeline, and what to do. */
final class DatabaseFailures {
  private DatabaseFailures() {}

  static PipelineException translate(PostgresConfig config, SQLException e) {
    String state = rootState(e);
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (state.equals("53100")) {
      return new PipelineException(
          PipelineFailure.DISK_FULL,
          "PostgreSQL has no room left (%s). Free space on its disk; the run then goes on."
              .formatted(message),
          e);
    }
    if (state.startsWith("28")) {
      return new PipelineException(
          PipelineFailure.ACCESS_DENIED,
          "PostgreSQL refused user %s at %s. Set postgres.user and postgres.password."
              .formatted(config.user(), config.jdbcUrl()),
          e);
    }
    if (state.equals("3D000") || state.equals("42P01") || state.equals("3F000")) {
      return new PipelineException(
          PipelineFailure.NOT_FOUND,
          "%s at %s. Is postgres.jdbc-url right, and did the worker's migrations run?"
              .formatted(message, config.jdbcUrl()),
          e);
    }
    if (state.isEmpty() || state.startsWith("08") || state.startsWith("57P")) {
      return new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "PostgreSQL at %s does not answer (%s). Is it running? Is postgres.jdbc-url right?"
              .formatted(config.jdbcUrl(), message),
          e);
    }
    return new PipelineException(
        PipelineFailure.UNAVAILABLE,
        "PostgreSQL at %s failed with SQLSTATE %s: %s".formatted(config.jdbcUrl(), state, message),
        e);
  }

  /** The deepest SQLSTATE: the pool wraps what the server said. */
  private static String rootState(SQLException e) {
    String state = "";
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        state = sql.getSQLState();
      }
    }
    return state;
  }
}
