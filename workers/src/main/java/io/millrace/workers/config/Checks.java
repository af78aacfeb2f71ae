package io.millrace.workers.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.time.Duration;

/** What a value must be, said in one form of sentence: key, value, limit. */
final class Checks {

  private Checks() {}

  static void that(boolean holds, String key, Object value, String limit) {
    if (!holds) {
      throw new ConfigException(key + " must be " + limit + ", but is '" + value + "'");
    }
  }

  static void notBlank(String key, String value) {
    that(!value.isBlank(), key, value, "some text");
  }

  static void between(String key, int value, int low, int high) {
    that(value >= low && value <= high, key, value, "between " + low + " and " + high);
  }

  static void positive(String key, Duration value) {
    that(!value.isNegative() && !value.isZero(), key, value, "longer than zero");
  }

  static void httpUrl(String key, URI value) {
    boolean http = "http".equals(value.getScheme()) || "https".equals(value.getScheme());
    that(http && value.getHost() != null, key, value, "an address like http://host:port");
  }

  static void hostAndPort(String key, String value) {
    int colon = value.lastIndexOf(':');
    that(colon > 0 && isPort(value.substring(colon + 1)), key, value, "host:port");
  }

  /**
   * Passes when the password opens the PKCS12 file.
   *
   * @param key setting of the file
   * @param passwordKey setting of its password
   */
  static void keystore(String key, Path file, String passwordKey, String password) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore.getInstance("PKCS12").load(in, password.toCharArray());
    } catch (IOException e) {
      boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
      throw new ConfigException(
          wrong
              ? "%s does not open the file that %s names, %s: set its password"
                  .formatted(passwordKey, key, file)
              : "%s is %s, but that is no readable PKCS12 file (%s)".formatted(key, file, e));
    } catch (GeneralSecurityException e) {
      throw new ConfigException("%s is %s, but cannot be used: %s".formatted(key, file, e));
    }
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 65_535;
  }
}
