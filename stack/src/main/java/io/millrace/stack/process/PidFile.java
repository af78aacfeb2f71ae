package io.millrace.stack.process;

import io.millrace.stack.process.ProcessSpec.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a process between our runs, one line each: who it is, the fingerprint of its
 * spec, how to stop it, which program it runs.
 *
 * @param id the process
 * @param fingerprint of the spec it was started with
 * @param stopSignal of that spec
 * @param program the file that it runs; empty in files of earlier builds and where the system does
 *     not say
 */
record PidFile(ProcessId id, String fingerprint, StopSignal stopSignal, String program) {
  /** Reads a file; one that is missing, cut short or of another making counts as none. */
  static Optional<PidFile> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 3 && lines.size() != 4) {
        return Optional.empty();
      }
      StopSignal signal = StopSignal.valueOf(lines.get(2));
      String program = lines.size() == 4 ? lines.get(3) : "";
      return ProcessId.parse(lines.get(0))
          .map(id -> new PidFile(id, lines.get(1), signal, program));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes the file in one step. */
  void write(Path file) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        draft, String.join("\n", id.format(), fingerprint, stopSignal.name(), program) + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
