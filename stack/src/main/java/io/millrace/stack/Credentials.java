package io.millrace.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The passwords and keys of one installation: drawn at random on first use and kept beside the data
 * that they protect.
 */
record Credentials(
    String postgresPassword, String s3AccessKey, String s3SecretKey, String redisPassword) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Reads the file, or makes it, readable by its owner only. */
  static Credentials in(Path file) {
    try {
      if (!Files.exists(file)) {
        Map<String, String> drawn = new TreeMap<>();
        drawn.put("postgres.password", random(16));
        drawn.put("s3.access-key", "millrace" + random(6));
        drawn.put("s3.secret-key", random(20));
        drawn.put("redis.password", random(16));
        PrivateFiles.write(file, PrivateFiles.properties("", drawn));
      }
      Properties read = new Properties();
      try (Reader in = Files.newBufferedReader(file)) {
        read.load(in);
      }
      return new Credentials(
          read.getProperty("postgres.password", ""),
          read.getProperty("s3.access-key", ""),
          read.getProperty("s3.secret-key", ""),
          read.getProperty("redis.password", ""));
    } catch (IOException e) {
      throw new StackException("Cannot read or write " + file + ": " + e.getMessage(), e);
    }
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
