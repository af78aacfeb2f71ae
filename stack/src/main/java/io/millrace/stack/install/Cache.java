package io.millrace.stack.install;

import io.millrace.stack.StackException;
import io.millrace.stack.process.FileLocks;
import io.millrace.stack.process.Termination;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Folders that are built once and then only read, shared by all checkouts of this user. A folder
 * counts once its last step, the file {@code .complete}, is there: one that was cut short is built
 * anew. Safe for several processes at once.
 *
 * @param root where the folders are
 */
public record Cache(Path root) {
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String COMPLETE = ".complete";

  /** Fills a new, empty folder. */
  @FunctionalInterface
  public interface Build {
    /** Writes what belongs into the folder; the path stays the same for good. */
    void into(Path folder) throws IOException;
  }

  /**
   * The cache that the environment names: {@code MILLRACE_CACHE}, else {@code ~/.cache/millrace}.
   */
  public static Cache of(Map<String, String> environment) {
    String named = environment.getOrDefault("MILLRACE_CACHE", "");
    Path root =
        named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "millrace")
            : Path.of(named);
    return new Cache(root.toAbsolutePath().normalize());
  }

  /**
   * The folder for this name and content, built when it is not there yet.
   *
   * @param content decides with the name whether it is the same folder: a lock file, a version
   */
  public Path folder(String name, String content, Build build) {
    Path folder = path(name, content);
    if (isComplete(folder)) {
      return folder;
    }
    try {
      return FileLocks.holding(
          root.resolve(folder.getFileName() + ".lock"), PATIENCE, () -> build(folder, build));
    } catch (IOException e) {
      throw new StackException(
          "Could not set up %s in %s: %s".formatted(name, folder, e.getMessage()), e);
    }
  }

  private static Path build(Path folder, Build build) throws IOException {
    if (!isComplete(folder)) { // another process may have built it while we waited
      Termination.killMarked(mark(folder)); // of a build whose JVM was killed
      delete(folder);
      Files.createDirectories(folder);
      build.into(folder);
      Files.createFile(folder.resolve(COMPLETE));
    }
    return folder;
  }

  /** Put into the environment of every command that writes into the folder. */
  static String mark(Path folder) {
    return Commands.MARK + "=" + folder;
  }

  /** Whether {@link #folder} would return at once. */
  public boolean has(String name, String content) {
    return isComplete(path(name, content));
  }

  private Path path(String name, String content) {
    return root.resolve(name + "-" + sha256(content).substring(0, 16));
  }

  private static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve(COMPLETE));
  }

  /** Deletes a folder with all it holds; one that is not there is fine. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
