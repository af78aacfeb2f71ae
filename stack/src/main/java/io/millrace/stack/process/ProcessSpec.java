package io.millrace.stack.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to run and how to tell that it is well.
 *
 * @param name names its pid file and log; letters, digits and dashes
 * @param command program and arguments; shown in process lists, so without secrets
 * @param environment added to ours; secrets go here or into files
 * @param directory the working directory
 * @param ports that it will listen on: they must be free before it is started
 * @param health when it is ready
 * @param startTimeout how long it may take to be ready on an idle machine, see {@link MachineLoad}
 * @param stopTimeout how long it may take to stop before it is killed
 * @param stopSignal how it is asked to stop
 * @param classes of the JVM that it is, or null; the first word of the command is its java then
 */
public record ProcessSpec(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path directory,
    List<ListenPort> ports,
    HealthCheck health,
    Duration startTimeout,
    Duration stopTimeout,
    StopSignal stopSignal,
    @Nullable ClassArchive classes) {
  /** How a process is asked to end. */
  public enum StopSignal {
    /** What most servers end in order on. */
    TERM,
    /** For PostgreSQL, which waits on TERM until its last client has gone. */
    INT
  }

  /** Copies the collections. */
  public ProcessSpec {
    if (!name.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("a process name has a-z, 0-9 and dashes: " + name);
    }
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    ports = List.copyOf(ports);
  }

  /** A process that stops on TERM. */
  public ProcessSpec(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      List<ListenPort> ports,
      HealthCheck health,
      Duration startTimeout,
      Duration stopTimeout) {
    this(
        name,
        command,
        environment,
        directory,
        ports,
        health,
        startTimeout,
        stopTimeout,
        StopSignal.TERM,
        null);
  }

  /** The same with an archive of classes; not a part of the fingerprint. */
  public ProcessSpec with(ClassArchive archive) {
    return new ProcessSpec(
        name,
        command,
        environment,
        directory,
        ports,
        health,
        startTimeout,
        stopTimeout,
        stopSignal,
        archive);
  }

  /** The command with further options for the JVM that it is. */
  public List<String> command(List<String> jvmOptions) {
    List<String> all = new ArrayList<>(command);
    all.addAll(1, jvmOptions);
    return all;
  }

  /**
   * Changes whenever the command, the environment or the directory does: a process with another one
   * is replaced.
   */
  String fingerprint() {
    String all = command + "\n" + new TreeMap<>(environment) + "\n" + directory;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
