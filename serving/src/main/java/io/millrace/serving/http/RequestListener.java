package io.millrace.serving.http;

import io.javalin.http.Context;

/**
 * Told of every request, on the thread that it is on. What it does must be quick, and must not
 * throw.
 */
@FunctionalInterface
public interface RequestListener {
  /** Tells nobody. */
  RequestListener NONE = (handler, method, status, nanos) -> {};

  /** The {@code handler} of a request that no route took. */
  String UNMATCHED = "unmatched";

  /**
   * The head of a request has been read. One that is so bad that it reaches no route is told only
   * when it is {@link #answered}.
   *
   * @param id the request's, see {@link RequestIds}
   */
  default void came(Context context, String id) {}

  /** The request leaves its thread, which answers others until something has come for this one. */
  default void left(Context context) {}

  /** The request goes on, on this thread; told at its end, too, whether it had left or not. */
  default void resumed(Context context) {}

  /**
   * A request was answered.
   *
   * @param handler the route's template, such as {@code /models/{name}/predict}, or {@link
   *     #UNMATCHED}: never a path that a client made up
   * @param method the verb; {@code other} for one that HTTP does not have
   * @param nanos from its head being read to its answer being ready
   */
  void answered(String handler, String method, int status, long nanos);
}
