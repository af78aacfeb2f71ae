package io.millrace.workers.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Says that a worker polls for work: holds its process id from then until it stops.
 *
 * @param path the file
 */
public record ReadyFile(Path path) {

  /** Names the file in the environment of a worker that is to write it. */
  public static final String VARIABLE = "MILLRACE_READY_FILE";

  static Optional<ReadyFile> askedFor(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE)).map(Path::of).map(ReadyFile::new);
  }

  /** The file of a {@code .millrace} folder. */
  public static ReadyFile in(Path dataDirectory) {
    return new ReadyFile(dataDirectory.resolve("run").resolve("worker.ready"));
  }

  /**
   * Passes while a worker is ready.
   *
   * @throws IOException if none is; one that was killed does not count
   */
  public void check() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException("the worker does not poll yet");
    }
    String pid = Files.readString(path).strip();
    if (!pid.matches("[0-9]{1,18}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
      throw new IOException("the worker that was ready is gone");
    }
  }

  void write() throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path draft = Files.writeString(path.resolveSibling(path.getFileName() + ".new"), pid());
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forgets a worker that ended without saying so: its process id may be given out again. */
  void clear() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Removes the file, unless another worker has written it since. */
  void remove() throws IOException {
    if (Files.isRegularFile(path) && Files.readString(path).strip().equals(pid())) {
      Files.delete(path);
    }
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }
}
