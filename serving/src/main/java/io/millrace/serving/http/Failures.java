package io.millrace.serving.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.millrace.serving.models.UnknownModelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered when a request cannot be: problem+json, and never a stack trace. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Answers with what was thrown. */
  static void answer(Exception failure, Context context) {
    if (failure instanceof Problem problem) {
      JsonResponses.problem(context, problem);
    } else if (failure instanceof UnknownModelException) {
      JsonResponses.problem(context, Problem.notFound(String.valueOf(failure.getMessage())));
    } else if (failure instanceof HttpResponseException refusal) {
      refuse(refusal, context);
    } else {
      fail(failure, context);
    }
  }

  /** What Javalin itself refuses: a path that there is not, a method that a path does not have. */
  private static void refuse(HttpResponseException refusal, Context context) {
    int status = refusal.getStatus();
    if (status == 404) {
      JsonResponses.problem(context, Problem.notFound("There is no " + context.path()));
      return;
    }
    if (status == 405) {
      String allowed = String.join(", ", refusal.getDetails().values());
      context.header("Allow", allowed);
      JsonResponses.problem(
          context,
          new Problem(405, "Method not allowed", "%s has %s".formatted(context.path(), allowed)));
      return;
    }
    String reason = String.valueOf(refusal.getMessage());
    JsonResponses.problem(context, new Problem(status, reason, reason));
  }

  private static void fail(Exception failure, Context context) {
    log.error(
        "request failed method={} path={} id={}",
        context.method(),
        context.path(),
        RequestIds.of(context),
        failure);
    JsonResponses.problem(
        context,
        new Problem(
            500,
            "Internal error",
            "The request could not be answered; the log has it under id "
                + RequestIds.of(context)));
  }
}
