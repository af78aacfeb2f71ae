package io.millrace.serving.http;

/** Told of every request that was answered. */
@FunctionalInterface
public interface RequestListener {
  /** Tells nobody. */
  RequestListener NONE = (handler, method, status, nanos) -> {};

  /** The {@code handler} of a request that no route took. */
  String UNMATCHED = "unmatched";

  /**
   * A request was answered. Must be quick, and must not throw.
   *
   * @param handler the route's template, such as {@code /models/{name}/predict}, or {@link
   *     #UNMATCHED}: never a path that a client made up
   * @param method the verb; {@code other} for one that HTTP does not have
   * @param nanos from its head being read to its answer being ready
   */
  void answered(String handler, String method, int status, long nanos);
}
