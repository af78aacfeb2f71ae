package io.millrace.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;

/** Files that only their owner may read. */
public final class PrivateFiles {
  private PrivateFiles() {}

  /**
   * Writes the file in one step with mode 0600: it is never there half written or open to others.
   */
  public static Path write(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path draft =
        Files.createTempFile(
            folder,
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, text);
    return Files.move(
        draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Makes the folder, with those above it that are missing, and leaves it to its owner (mode 0700).
   *
   * @param others whether other users may pass through it: a server runs as one of them
   */
  public static Path folder(Path folder, boolean others) throws IOException {
    Files.createDirectories(folder);
    return Files.setPosixFilePermissions(
        folder, PosixFilePermissions.fromString(others ? "rwx--x--x" : "rwx------"));
  }

  /** The text of a properties file; values are ASCII without backslashes. */
  public static String properties(String title, Map<String, String> values) {
    String head = title.isEmpty() ? "" : "# " + title + "\n";
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
        .collect(Collectors.joining("", head, ""));
  }
}
