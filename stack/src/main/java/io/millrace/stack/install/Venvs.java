package io.millrace.stack.install;

import io.millrace.stack.StackException;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Python environments, each made from a lock file of this package with the version and the
 * checksums of every distribution, cached by that file's content. Once made they need neither
 * network nor pip.
 *
 * @param cache where they are kept
 */
public record Venvs(Cache cache) {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final String REMEDY =
      "Install Python 3.10 or later with venv (Debian, Ubuntu: apt-get install python3"
          + " python3-venv) and try again.";

  /** The Temporal CLI with its development server. */
  public Path temporal() {
    return make("temporal").resolve("bin/temporal");
  }

  /** SeaweedFS. */
  public Path weed() {
    return make("seaweedfs").resolve("bin/weed");
  }

  /** The Python that has the MLflow server. */
  public Path mlflow() {
    return make("mlflow").resolve("bin/python");
  }

  /**
   * The Python that loads models as their users in Python do: MLflow's client and XGBoost. For
   * tests; no server needs it.
   */
  public Path modelCheck() {
    return make("model-check").resolve("bin/python");
  }

  /**
   * The Python that makes clients from OpenAPI documents, and has what they need. For tests; no
   * server needs it.
   */
  public Path apiClient() {
    return make("api-client").resolve("bin/python");
  }

  /** The environments of the cache that the process's environment names. */
  public static Venvs standard() {
    return new Venvs(Cache.of(System.getenv()));
  }

  private Path make(String name) {
    String lock = lockFile(name);
    return cache.folder(name, lock, folder -> install(name, lock, folder));
  }

  private static void install(String name, String lock, Path folder) throws IOException {
    Path python = python(name);
    Commands.run(
        List.of(python.toString(), "-m", "venv", folder.toString()),
        Map.of(Commands.MARK, folder.toString()),
        PATIENCE);
    Path requirements = Files.writeString(folder.resolve("requirements.lock"), lock);
    String own = folder.resolve("bin/python").toString();
    // Byte code is compiled when a module is first imported: most never are.
    Commands.run(
        List.of(
            own,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-compile",
            "--no-input",
            "--disable-pip-version-check",
            "-r",
            requirements.toString()),
        Map.of(Commands.MARK, folder.toString()),
        PATIENCE);
  }

  private static Path python(String name) {
    Path python =
        Executables.onPath("python3")
            .orElseThrow(
                () ->
                    new StackException(
                        "python3 is missing, which %s needs. %s".formatted(name, REMEDY)));
    try {
      Commands.run(
          List.of(
              python.toString(),
              "-c",
              "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"),
          Map.of(),
          Duration.ofSeconds(30));
    } catch (StackException e) {
      throw new StackException(
          "%s is older than 3.10 or lacks its venv module, which %s needs. %s"
              .formatted(python, name, REMEDY),
          e);
    }
    return python;
  }

  private static String lockFile(String name) {
    try (InputStream in = Venvs.class.getResourceAsStream(name + ".lock")) {
      if (in == null) {
        throw new IllegalStateException("no lock file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
