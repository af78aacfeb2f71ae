package io.millrace.workers.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Says that a process is ready, as a worker that polls: holds its process id from then until it
 * stops.
 *
 * @param path the file
 */
public record ReadyFile(Path path) {

  /** Names the file in the environment of a process that is to write it. */
  public static final String VARIABLE = "MILLRACE_READY_FILE";

  /** The file that the environment names. */
  public static Optional<ReadyFile> askedFor(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VARIABLE)).map(Path::of).map(ReadyFile::new);
  }

  /** The file of a process of a {@code .millrace} folder. */
  public static ReadyFile in(Path dataDirectory, String process) {
    return new ReadyFile(dataDirectory.resolve("run").resolve(process + ".ready"));
  }

  /**
   * Passes while a process is ready.
   *
   * @throws IOException if none is; one that was killed does not count
   */
  public void check() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException("it is not ready yet");
    }
    String pid = Files.readString(path).strip();
    if (!pid.matches("[0-9]{1,18}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
      throw new IOException("the process that was ready is gone");
    }
  }

  /** Says that this process is ready. */
  public void write() throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path draft = Files.writeString(path.resolveSibling(path.getFileName() + ".new"), pid());
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forgets a process that ended without saying so: its process id may be given out again. */
  public void clear() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Removes the file, unless another process has written it since. */
  public void remove() throws IOException {
    if (Files.isRegularFile(path) && Files.readString(path).strip().equals(pid())) {
      Files.delete(path);
    }
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }
}
