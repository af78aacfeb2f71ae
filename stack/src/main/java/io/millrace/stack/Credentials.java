package io.millrace.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The passwords and keys of one installation: drawn at random on first use and kept beside the data
 * that they protect.
 */
record Credentials(
    String postgresPassword,
    String s3AccessKey,
    String s3SecretKey,
    String redisPassword,
    String cdcPassword,
    String flinkToken,
    String connectToken) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Where those of a state folder are. */
  static Path file(Path state) {
    return state.resolve("data/credentials.properties");
  }

  /** Those of a file that is there; draws nothing. */
  static Optional<Credentials> find(Path file) {
    try {
      Map<String, String> known = read(file);
      return known.isEmpty() ? Optional.empty() : Optional.of(of(known));
    } catch (IOException e) {
      throw new StackException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Credentials of(Map<String, String> all) {
    return new Credentials(
        all.getOrDefault("postgres.password", ""),
        all.getOrDefault("s3.access-key", ""),
        all.getOrDefault("s3.secret-key", ""),
        all.getOrDefault("redis.password", ""),
        all.getOrDefault("cdc.password", ""),
        all.getOrDefault("flink.token", ""),
        all.getOrDefault("connect.token", ""));
  }

  /** Reads the file, readable by its owner only, and draws what is missing from it. */
  static Credentials in(Path file) {
    try {
      Map<String, String> known = read(file);
      Map<String, String> all = new TreeMap<>(known);
      all.computeIfAbsent("postgres.password", key -> random(16));
      all.computeIfAbsent("s3.access-key", key -> "millrace" + random(6));
      all.computeIfAbsent("s3.secret-key", key -> random(20));
      all.computeIfAbsent("redis.password", key -> random(16));
      all.computeIfAbsent("cdc.password", key -> random(16));
      all.computeIfAbsent("flink.token", key -> random(20));
      all.computeIfAbsent("connect.token", key -> random(20));
      if (!all.equals(known)) {
        PrivateFiles.write(file, PrivateFiles.properties("", all));
      }
      return of(all);
    } catch (IOException e) {
      throw new StackException("Cannot read or write " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> values = new TreeMap<>();
    if (Files.exists(file)) {
      Properties read = new Properties();
      try (Reader in = Files.newBufferedReader(file)) {
        read.load(in);
      }
      read.forEach((key, value) -> values.put(key.toString(), value.toString()));
    }
    return values;
  }

  private static String random(int bytes) {
    byte[] drawn = new byte[bytes];
    RANDOM.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  /** Names no value. */
  @Override
  public String toString() {
    return "Credentials[masked]";
  }
}
