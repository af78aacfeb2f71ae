package io.millrace.engine.notify;

import org.jspecify.annotations.Nullable;

/** A notification was not delivered; the message says by whom and why, and holds no secret. */
public final class NotifyException extends RuntimeException {

  private final boolean permanent;

  private NotifyException(String message, boolean permanent, @Nullable Throwable cause) {
    super(message, cause);
    this.permanent = permanent;
  }

  /** The same may succeed later. */
  public static NotifyException passing(String message, @Nullable Throwable cause) {
    return new NotifyException(message, false, cause);
  }

  /** It makes no sense to try again. */
  public static NotifyException permanent(String message) {
    return new NotifyException(message, true, null);
  }

  /** Whether it makes no sense to try again. */
  public boolean isPermanent() {
    return permanent;
  }
}
