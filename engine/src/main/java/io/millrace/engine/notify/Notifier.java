package io.millrace.engine.notify;

/** A way to notify people. Safe for use by many threads. */
@FunctionalInterface
public interface Notifier {

  /**
   * Delivers, within half a minute; may deliver twice what its caller repeats.
   *
   * @throws NotifyException if it could not; the message holds no secret
   */
  void send(Notification notification);
}
