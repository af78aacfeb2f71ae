package io.millrace.stack.process;

/** Asks a server whether it does its work, by using it as its clients would. */
@FunctionalInterface
public interface HealthCheck {
  /**
   * Returns when the server is well. Must answer within a few seconds either way.
   *
   * @throws Exception when it is not, or not yet; the message says in what way
   */
  void check() throws Exception;

  /** Whether {@link #check} passes now. */
  default boolean passes() {
    return problem().isEmpty();
  }

  /** What is wrong now, or an empty text. */
  default String problem() {
    try {
      check();
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (Exception e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }
}
