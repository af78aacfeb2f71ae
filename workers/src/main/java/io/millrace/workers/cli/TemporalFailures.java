package io.millrace.workers.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.deployment.Answers;
import io.millrace.workers.config.ConfigException;
import io.millrace.workers.config.TemporalConfig;
import io.temporal.client.WorkflowNotFoundException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the Temporal server's refusals mean, in sentences with the setting or command that helps.
 *
 * <p>A server that refuses a connection does not run; one that is late is slow, which is another
 * matter with another remedy.
 */
final class TemporalFailures {
  private final @Nullable TemporalConfig config;

  /**
   * Explains failures of one server.
   *
   * @param config where it is, or null if the settings do not say it
   */
  TemporalFailures(@Nullable TemporalConfig config) {
    this.config = config;
  }

  /** The server that a command's settings name. */
  static TemporalFailures of(Console console) {
    try {
      return new TemporalFailures(TemporalConfig.from(Millrace.settings(console)));
    } catch (ConfigException e) {
      return new TemporalFailures(null); // the sentence does without the address
    }
  }

  /** No such run: or no such namespace, which looks the same to the SDK. */
  Explanation notFound(WorkflowNotFoundException missing) {
    return isOfNamespace(missing)
        ? noNamespace()
        : Explanation.usage(
            "there is no run '%s'; see `millrace runs list`"
                .formatted(missing.getExecution().getWorkflowId()));
  }

  /** Whether it is the namespace that the server does not have. */
  boolean isOfNamespace(WorkflowNotFoundException missing) {
    return Answers.isOfNamespace(missing);
  }

  /** Explains what the server, or the way to it, answered. */
  Explanation explain(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    String reason = reason(status);
    return switch (status.getCode()) {
      case UNAVAILABLE -> unavailable(failure);
      case DEADLINE_EXCEEDED -> isRefused(status) ? unavailable(failure) : slow();
      case NOT_FOUND ->
          isOfNamespace(status)
              ? noNamespace()
              : Explanation.usage("%s does not know it: %s".formatted(server(), reason));
      case PERMISSION_DENIED, UNAUTHENTICATED ->
          Explanation.usage(
              "%s refuses these credentials: %s. Check TEMPORAL_API_KEY, TEMPORAL_TLS… and"
                      .formatted(server(), reason)
                  + " temporal.namespace");
      case INVALID_ARGUMENT, OUT_OF_RANGE, ALREADY_EXISTS, ABORTED ->
          Explanation.usage("%s refuses it: %s".formatted(server(), reason));
      case FAILED_PRECONDITION -> precondition(reason);
      case RESOURCE_EXHAUSTED ->
          Explanation.unreachable(
              "%s has too much to do: %s. Try again in a moment".formatted(server(), reason));
      case UNIMPLEMENTED ->
          Explanation.failed(
              "%s cannot do this: it is no Temporal server, or an older one (%s)"
                  .formatted(server(), reason));
      case CANCELLED -> Explanation.failed("the request was cancelled");
      default -> Explanation.failed("%s failed: %s".formatted(server(), reason));
    };
  }

  private Explanation slow() {
    return Explanation.unreachable(
        "%s did not answer within %s; it is slow, or a worker that should answer is busy."
                .formatted(server(), timeout())
            + " Try again, or give it longer with temporal.rpc-timeout");
  }

  /**
   * Whether the deadline passed because nothing listens. That there was no connection yet, which is
   * all that gRPC says, can also mean that the server or this machine is slow.
   */
  private boolean isRefused(Status status) {
    String description = String.valueOf(status.getDescription());
    return description.contains("refused")
        || (description.contains("waiting_for_connection")
            && config != null
            && NoAnswer.refuses(config.target(), config.rpcTimeout()));
  }

  private Explanation unavailable(StatusRuntimeException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = String.valueOf(root.getMessage()).toLowerCase(Locale.ROOT);
    if (why.contains("certificat") || why.contains("ssl") || why.contains("tls")) {
      return Explanation.unreachable(
          "%s and this command do not agree on TLS (%s); check TEMPORAL_TLS…"
              .formatted(server(), root.getMessage()));
    }
    return notRunning();
  }

  /** Nothing listens there. */
  Explanation notRunning() {
    return Explanation.unreachable(
        server()
            + " does not answer. Is it running? `millrace status` shows the local servers,"
            + " `millrace up` starts them.");
  }

  private Explanation precondition(String reason) {
    return reason.toLowerCase(Locale.ROOT).contains("poller")
        ? Explanation.unreachable(
            "no worker answers: %s. `millrace status` shows whether one runs".formatted(reason))
        : Explanation.usage("%s refuses it: %s".formatted(server(), reason));
  }

  Explanation noNamespace() {
    String namespace = config == null ? "" : " '" + config.namespace() + "'";
    return Explanation.usage(
        "%s has no namespace%s; temporal.namespace or TEMPORAL_NAMESPACE says which is meant,"
                .formatted(server(), namespace)
            + " `millrace temporal operator namespace list` shows those that there are");
  }

  private static boolean isOfNamespace(Status status) {
    return status.getCode() == Status.Code.NOT_FOUND
        && String.valueOf(status.getDescription()).toLowerCase(Locale.ROOT).startsWith("namespace");
  }

  private static String reason(Status status) {
    String description = status.getDescription();
    return description == null || description.isBlank()
        ? "it gives no reason"
        : PlainText.of(description).replaceFirst("\\.$", "");
  }

  private String server() {
    return "the Temporal server" + (config == null ? "" : " at " + config.target());
  }

  private String timeout() {
    return config == null
        ? "the time that it has"
        : config.rpcTimeout().toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
