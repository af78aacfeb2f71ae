package io.millrace.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that clients prove themselves with. The file has one a line and knows none of them, only
 * their SHA-256 ({@code printf %s "$KEY" | sha256sum}):
 *
 * <pre>{@code
 * # name : roles : SHA-256 of the key
 * shop:predict:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * release:predict,operate:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 * }</pre>
 */
public final class ApiKeys {
  private static final int HASH_BYTES = 32;
  private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(ApiKeys::sha256);

  private final List<Entry> entries;

  private ApiKeys(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** One key: whose it is, and what it may do. */
  static final class Entry {
    private final String name;
    private final Set<Role> roles;
    private final byte[] hash;

    Entry(String name, Set<Role> roles, byte[] hash) {
      this.name = name;
      this.roles = roles;
      this.hash = hash;
    }

    String name() {
      return name;
    }

    Set<Role> roles() {
      return roles;
    }
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException naming the line that is not as it must be, or the file
   */
  static ApiKeys read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("The keys cannot be read from " + file, e);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        entries.add(entry(line, file + " line " + (i + 1)));
      }
    }
    return new ApiKeys(entries);
  }

  /** What a key belongs to; null if it is not known. Takes as long for every key. */
  @Nullable Entry find(String key) {
    byte[] hash = SHA256.get().digest(key.getBytes(UTF_8));
    Entry found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash, hash)) {
        found = entry;
      }
    }
    return found;
  }

  private static Entry entry(String line, String place) {
    String[] parts = line.split(":", -1);
    if (parts.length != 3 || parts[0].isBlank()) {
      throw new IllegalArgumentException(place + " is not name:roles:sha256");
    }
    try {
      byte[] hash = HexFormat.of().parseHex(parts[2].strip());
      if (hash.length == HASH_BYTES) {
        return new Entry(parts[0].strip(), roles(parts[1]), hash);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        place + " must end in a SHA-256, which has 64 hexadecimal digits");
  }

  private static Set<Role> roles(String text) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : text.split(",", -1)) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "predict" -> roles.add(Role.PREDICT);
        case "operate" -> roles.add(Role.OPERATE);
        default ->
            throw new IllegalArgumentException(
                "the role '" + word.strip() + "' is neither predict nor operate");
      }
    }
    return roles;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
