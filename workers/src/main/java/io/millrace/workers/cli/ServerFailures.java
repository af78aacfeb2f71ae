package io.millrace.workers.cli;

import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What failures of other servers, of the network and of files mean. */
final class ServerFailures {
  private static final String IS_IT_RUNNING =
      "Is it running? `millrace status` shows the local servers, `millrace up` starts them.";

  private ServerFailures() {}

  /** Explains one exception of a chain, if it has a meaning of its own. */
  static Optional<Explanation> explain(Throwable cause) {
    String message = PlainText.of(String.valueOf(cause.getMessage()));
    if (cause instanceof SQLException sql) {
      return Optional.of(sql(sql));
    } else if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return Optional.of(
          Explanation.unreachable("a server does not answer (" + message + "). " + IS_IT_RUNNING));
    } else if (cause instanceof UnknownHostException) {
      return Optional.of(Explanation.unreachable("there is no host " + message));
    } else if (cause instanceof SocketTimeoutException || cause instanceof HttpTimeoutException) {
      return Optional.of(
          Explanation.unreachable(
              "a server did not answer in time; it is slow or hangs (" + message + ")"));
    } else if (cause instanceof SSLException) {
      return Optional.of(
          Explanation.unreachable("a server and this command do not agree on TLS: " + message));
    }
    return file(cause).or(() -> kafka(cause, message)).or(() -> redis(cause));
  }

  private static Optional<Explanation> file(Throwable cause) {
    if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
      return Optional.of(Explanation.usage("there is no file " + cause.getMessage()));
    } else if (cause instanceof AccessDeniedException) {
      return Optional.of(Explanation.usage("this user has no access to " + cause.getMessage()));
    }
    return Optional.empty();
  }

  /** By name: most commands never load Kafka's classes, and a failure of theirs should not. */
  private static Optional<Explanation> kafka(Throwable cause, String message) {
    String type = cause.getClass().getName();
    if (!type.startsWith("org.apache.kafka.common.errors.")) {
      return Optional.empty();
    }
    if (type.endsWith(".TimeoutException") || type.endsWith(".DisconnectException")) {
      return Optional.of(
          Explanation.unreachable("Kafka does not answer (" + message + "). " + IS_IT_RUNNING));
    }
    return Optional.of(
        type.contains("Authentication") || type.contains("Authorization")
            ? Explanation.usage("Kafka refuses these credentials: " + message)
            : Explanation.failed("Kafka refuses it: " + message));
  }

  private static Optional<Explanation> redis(Throwable cause) {
    return cause.getClass().getName().endsWith(".JedisConnectionException")
        ? Optional.of(
            Explanation.unreachable("Redis at redis.uri does not answer. " + IS_IT_RUNNING))
        : Optional.empty();
  }

  private static Explanation sql(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String message = firstLine(String.valueOf(failure.getMessage()));
    if (state.startsWith("08") || state.startsWith("57P")) {
      return Explanation.unreachable(
          "PostgreSQL does not answer: " + message + ". " + IS_IT_RUNNING);
    } else if (state.startsWith("28")) {
      return Explanation.usage(
          "PostgreSQL refuses these credentials: "
              + message
              + "; check postgres.user and postgres.password");
    }
    return state.startsWith("42") || state.startsWith("25006") || state.startsWith("3D")
        ? Explanation.usage("PostgreSQL refuses it: " + message)
        : Explanation.failed("PostgreSQL failed: " + message);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceFirst("^(ERROR|FATAL): ", "");
  }
}
