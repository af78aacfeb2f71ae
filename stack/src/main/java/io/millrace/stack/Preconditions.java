package io.millrace.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the machine must have before anything is started. */
final class Preconditions {
  private static final long MIN_FREE_BYTES = 2L << 30;
  private static final int JAVA = 17;

  private Preconditions() {}

  /** Passes, or says what is missing and what to do. */
  static void check(StackConfig config) {
    int feature = Runtime.version().feature();
    if (feature != JAVA) {
      throw new StackException(
          "Millrace runs on JDK 17, and this is Java %d (%s). Set JAVA_HOME to a JDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jdk)."
              .formatted(feature, System.getProperty("java.home")));
    }
    for (Path folder : List.of(config.state(), config.cache().root())) {
      requireSpace(folder, MIN_FREE_BYTES);
    }
  }

  /** Passes when the disk of a folder has room; makes the folder. */
  static void requireSpace(Path folder, long leastFree) {
    try {
      long free = Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
      if (free < leastFree) {
        throw new StackException(
            "%s has %d MB free and the stack needs %d MB. Free some space, or set MILLRACE_HOME or MILLRACE_CACHE to a folder on another disk."
                .formatted(folder, free >> 20, leastFree >> 20));
      }
    } catch (IOException e) {
      throw new StackException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }
}
