package io.millrace.workers.local;

import io.millrace.stack.process.JavaModule;
import io.millrace.stack.process.ProcessSpec;
import io.millrace.workers.worker.ReadyFile;
import io.millrace.workers.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the worker is started as a process of its own.
 *
 * @param home the checkout
 * @param dataDirectory the {@code .millrace} folder, whose endpoints it reads
 * @param workingDirectory where {@code millrace.properties} may lie
 * @param buildId what it reports to Temporal
 * @param environment added to ours
 */
public record WorkerProcess(
    Path home,
    Path dataDirectory,
    Path workingDirectory,
    String buildId,
    Map<String, String> environment) {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final List<String> JVM =
      List.of(
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError",
          "-Dlogback.configurationFile=logback-worker.xml");

  /** The process; another build makes another fingerprint, so that `up` replaces the old one. */
  public ProcessSpec spec() {
    JavaModule module = new JavaModule(home, "workers");
    module.requireBuilt();
    ReadyFile ready = ReadyFile.in(dataDirectory, LocalMillrace.WORKER);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("MILLRACE_HOME", home.toString());
    variables.put("MILLRACE_DATA", dataDirectory.toString());
    variables.put(ReadyFile.VARIABLE, ready.path().toString());
    variables.put("MILLRACE_BUILD_ID", buildId);
    variables.put("MILLRACE_BUILT_AT", builtAt());
    return new ProcessSpec(
            LocalMillrace.WORKER,
            module.command(JVM, WorkerMain.class.getName(), List.of()),
            variables,
            workingDirectory,
            List.of(),
            ready::check,
            START,
            STOP)
        .with(module.archive(LocalMillrace.WORKER));
  }

  private String builtAt() {
    try {
      return Files.getLastModifiedTime(home.resolve("workers/target/lib")).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at workers/target/lib", e);
    }
  }
}
