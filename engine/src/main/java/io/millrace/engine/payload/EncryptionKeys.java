package io.millrace.engine.payload;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that payloads are encrypted with. The current one encrypts; all decrypt.
 *
 * <p>To rotate: give every worker and client the new key beside the old one, then make it the
 * current one, and drop the old one when the last run that used it is past the namespace's
 * retention. Its text form names the ids and no key.
 */
public final class EncryptionKeys {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int KEY_BYTES = 32;

  private final String current;
  private final Map<String, SecretKey> keys;

  /**
   * Checks and copies the keys.
   *
   * @param current the id of the key that encrypts
   * @param keys 256-bit keys by id
   * @throws IllegalArgumentException naming the id that is wrong, never a key
   */
  public EncryptionKeys(String current, Map<String, byte[]> keys) {
    Map<String, SecretKey> all = new TreeMap<>();
    keys.forEach((id, key) -> all.put(id, secretKey(id, key)));
    if (!all.containsKey(current)) {
      throw new IllegalArgumentException(
          "The current encryption key '%s' is not among the keys %s"
              .formatted(current, all.keySet()));
    }
    this.current = current;
    this.keys = all;
  }

  /**
   * Reads keys from a setting.
   *
   * @param current the id of the key that encrypts
   * @param text {@code id:base64} of 32 bytes, several separated by commas
   * @throws IllegalArgumentException naming the id that is wrong, never a key
   */
  public static EncryptionKeys parse(String current, String text) {
    Map<String, byte[]> keys = new TreeMap<>();
    int position = 0;
    for (String pair : text.split(",")) {
      position++;
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(
            "Encryption key number %d has no id: write id:BASE64, several separated by commas"
                .formatted(position));
      }
      String id = pair.substring(0, colon).strip();
      if (keys.put(id, decode(id, pair.substring(colon + 1).strip())) != null) {
        throw new IllegalArgumentException("Encryption key '%s' is given twice".formatted(id));
      }
    }
    return new EncryptionKeys(current, keys);
  }

  String currentId() {
    return current;
  }

  SecretKey currentKey() {
    return find(current).orElseThrow();
  }

  Optional<SecretKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  String ids() {
    return keys.keySet().stream().collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return "EncryptionKeys[current=%s, ids=%s]".formatted(current, keys.keySet());
  }

  private static SecretKey secretKey(String id, byte[] key) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "Encryption key id '%s' must match %s".formatted(id, ID.pattern()));
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "Encryption key '%s' has %d bytes, but needs %d: openssl rand -base64 32 makes one"
              .formatted(id, key.length, KEY_BYTES));
    }
    return new SecretKeySpec(key, "AES");
  }

  private static byte[] decode(String id, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The cause would quote the key.
      throw new IllegalArgumentException("Encryption key '%s' is not base64".formatted(id));
    }
  }
}
