package io.millrace.workers.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Git's name of the code that runs, as the build wrote it beside the classes. */
public final class BuildId {
  private static final String VARIABLE = "MILLRACE_BUILD_ID";
  private static final String RESOURCE = "/millrace-build-id";

  private BuildId() {}

  /**
   * The commit, with {@code -dirty-…} if other code was built; {@code unknown} if it was built
   * outside of Git.
   *
   * @param environment whose {@value #VARIABLE} stands above what was built
   */
  public static String of(Map<String, String> environment) {
    String given = environment.get(VARIABLE);
    return given == null || given.isBlank() ? built() : given.strip();
  }

  private static String built() {
    try (InputStream resource = BuildId.class.getResourceAsStream(RESOURCE)) {
      return resource == null
          ? "unknown"
          : new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE, e);
    }
  }
}
