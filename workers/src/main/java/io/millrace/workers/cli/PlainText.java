package io.millrace.workers.cli;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Text for a person: no stack trace, no class name, no failure type, no status word of gRPC.
 *
 * <p>Exceptions of libraries put all of these into their messages; they are taken out of every
 * sentence that a command prints of a failure.
 */
final class PlainText {
  private static final Pattern APPLICATION_FAILURE =
      Pattern.compile("message='(.*?)', type='[^']*', nonRetryable=(?:true|false)", Pattern.DOTALL);
  private static final Pattern FAILURE_TYPE =
      Pattern.compile(",? ?\\b(?:type='[^']*'|nonRetryable=(?:true|false))");
  private static final String CLASS = "(?:[a-z][a-z0-9_]*\\.){2,}[A-Z]\\w*(?:[.$][A-Z]\\w*)*";
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?:Caused by: )?\\b" + CLASS + "(?:: ?)?");

  /** Exceptions without a message, of which libraries give the class in its place. */
  private static final Map<String, String> REASONS =
      Map.of(
          "java.net.ConnectException", "the connection was refused",
          "java.net.UnknownHostException", "there is no such host",
          "java.net.SocketTimeoutException", "it did not answer in time",
          "java.net.http.HttpTimeoutException", "it did not answer in time",
          "java.util.concurrent.TimeoutException", "it did not answer in time",
          "java.nio.channels.ClosedChannelException", "the connection was closed",
          "java.io.EOFException", "the connection was closed");

  private static final Pattern EXCEPTION =
      Pattern.compile("\\b[A-Z]\\w*(?:Exception|Error)\\b(?:: ?)?");

  /** Words that are ordinary ones as well count only where gRPC writes them: before a colon. */
  private static final Pattern STATUS =
      Pattern.compile(
          "\\b(?:INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED"
              + "|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|OUT_OF_RANGE|DATA_LOSS)\\b(?:: ?)?"
              + "|\\b(?:CANCELLED|UNKNOWN|ABORTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE"
              + "|UNAUTHENTICATED)(?:: ?|$)");

  private static final Pattern STACK_LINE = Pattern.compile("(?m)^\\s*at [\\w.$/<>]+\\(.*$\\n?");

  private PlainText() {}

  /** The text without what is not for a person. */
  static String of(String text) {
    String plain = STACK_LINE.matcher(text).replaceAll("");
    plain = APPLICATION_FAILURE.matcher(plain).replaceAll("$1");
    plain = FAILURE_TYPE.matcher(plain).replaceAll("");
    plain = CLASS_NAME.matcher(plain).replaceAll(PlainText::reason);
    plain = EXCEPTION.matcher(plain).replaceAll("");
    plain = STATUS.matcher(plain).replaceAll("").strip();
    return plain.isEmpty() ? "the reason is not known" : plain;
  }

  /** What a class name stands for, if it is all that is said. */
  private static String reason(MatchResult name) {
    return name.group().endsWith(":") || name.group().endsWith(" ")
        ? ""
        : REASONS.getOrDefault(name.group(), "an error that has no text");
  }

  /** Whether a message can be shown as it is. */
  static boolean isPlain(String text) {
    return !text.isBlank() && of(text).equals(text.strip());
  }
}
