package io.millrace.serving.http;

import java.nio.file.Path;

/**
 * What the server proves its identity with.
 *
 * @param keystore a PKCS12 file with the private key and its certificates
 * @param password the file's
 */
public record Tls(Path keystore, String password) {
  /** Without the password, which must not reach a log. */
  @Override
  public String toString() {
    return "Tls[keystore=" + keystore + "]";
  }
}
