package io.millrace.serving.http;

import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Answers that wait for something, and keep no thread waiting meanwhile. */
public final class AsyncResponses {
  private AsyncResponses() {}

  /**
   * Answers once the value has come, or with what it failed with.
   *
   * @param ask is given the threads that answer requests, and asks for the value, which must come
   *     or fail in time
   * @param answer answers with the value, on one of those threads
   */
  public static <T> void answer(
      Context context, Function<Executor, CompletableFuture<T>> ask, Consumer<T> answer) {
    Call call = Call.of(context);
    CompletableFuture<T> coming =
        ask.apply(JettyParts.threads(Request.getBaseRequest(context.req()).getHttpChannel()));
    call.listener().left(context);
    context.future(
        () ->
            coming.handle(
                (value, failure) -> {
                  call.listener().resumed(context);
                  try {
                    answer(context, value, failure, answer);
                  } finally {
                    call.listener().left(context);
                  }
                  return null;
                }));
  }

  /** Must not throw: Javalin would answer without telling anybody of the request. */
  private static <T> void answer(
      Context context, T value, @Nullable Throwable failure, Consumer<T> answer) {
    if (failure != null) {
      Failures.answer(cause(failure), context);
      return;
    }
    try {
      answer.accept(value);
    } catch (RuntimeException e) {
      Failures.answer(e, context);
    }
  }

  /** What a future failed with, without what futures wrap it in. */
  public static Exception cause(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof Exception e ? e : new IllegalStateException(cause);
  }
}
