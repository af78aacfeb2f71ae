package io.millrace.activities.notify;

import org.jspecify.annotations.Nullable;

/**
 * A mail server.
 *
 * @param host its name
 * @param port 587 for {@link Security#STARTTLS}, 465 for {@link Security#TLS}, 25 for none
 * @param security how the connection is encrypted
 * @param from the sender's address
 * @param user who logs in, or null for nobody
 * @param password of the user
 */
public record SmtpConfig(
    String host,
    int port,
    Security security,
    String from,
    @Nullable String user,
    @Nullable String password) {

  /** How a connection is encrypted. */
  public enum Security {
    /** Not at all: only for a server on this machine. */
    NONE,
    /** Encrypted before anything is said; a server that cannot is refused. */
    STARTTLS,
    /** Encrypted from the start. */
    TLS
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "SmtpConfig[%s:%d, %s, from=%s, user=%s]".formatted(host, port, security, from, user);
  }
}
