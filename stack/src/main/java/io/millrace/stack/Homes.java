package io.millrace.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the checkout and the state are. */
final class Homes {
  private Homes() {}

  /**
   * {@code MILLRACE_HOME}, else the nearest folder upwards from here that holds our modules, else
   * here.
   */
  static Path checkout(Map<String, String> environment) {
    String named = environment.getOrDefault("MILLRACE_HOME", "");
    if (!named.isBlank()) {
      return Path.of(named);
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("stack/pom.xml"))) {
        return folder;
      }
    }
    return here;
  }

  /** {@code MILLRACE_DATA}, else {@code .millrace} in {@code MILLRACE_HOME}, else here. */
  static Path state(Map<String, String> environment) {
    String data = environment.getOrDefault("MILLRACE_DATA", "");
    String home = environment.getOrDefault("MILLRACE_HOME", "");
    return data.isBlank() ? Path.of(home).resolve(".millrace") : Path.of(data);
  }
}
