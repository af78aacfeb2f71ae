package io.millrace.core.registry;

/** The registry refused a request (4xx), and would refuse it again. */
public final class RegistryRefusedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Says what was refused and why.
   *
   * @param status of HTTP
   */
  public RegistryRefusedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** Says what cannot be used and why; no request was sent. */
  public RegistryRefusedException(String message) {
    this(message, 0);
  }

  /** Whether it wants a key, or another one: this says nothing about what was asked for. */
  public boolean isAboutAccess() {
    return status == 401 || status == 403 || status == 407;
  }
}
