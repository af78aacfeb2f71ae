package io.millrace.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What tasks write to prove that none was lost and none took effect twice; shared by processes.
 *
 * <p>A task that is killed is tried again, so its tries are counted apart: its effect is a file
 * that only the first try which gets so far can make.
 */
final class Ledger {
  private final Path effects;
  private final Path tries;

  Ledger(Path folder) {
    try {
      this.effects = Files.createDirectories(folder.resolve("effects"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.tries = folder.resolve("tries");
  }

  /** Notes that a try begins: one line, appended in one write. */
  void begin(String run, String task) {
    try {
      Files.writeString(
          tries,
          run + " " + task + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the effect, unless an earlier try has made it. */
  void effect(String run, String task) {
    try {
      Files.createFile(effects.resolve(run.replace(':', '_') + "." + task));
    } catch (FileAlreadyExistsException e) {
      // A try that was killed after its effect: this one has nothing to do.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int effects() {
    try (Stream<Path> files = Files.list(effects)) {
      return (int) files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runs that have an effect. */
  long runs() {
    try (Stream<Path> files = Files.list(effects)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.[^.]*$", ""))
          .distinct()
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tries of a task beyond its first. */
  int repeated() {
    try {
      List<String> all = Files.readAllLines(tries);
      return all.size() - all.stream().collect(Collectors.toSet()).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
