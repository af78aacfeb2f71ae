package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts, finds and stops processes that outlive us. Each has a pid file with its start time and
 * the fingerprint of its spec, and a mark in its environment by which it is found even when we were
 * killed before the file was written.
 *
 * <p>Safe for several threads and several processes at once: whoever works on a name holds that
 * name's lock file.
 */
public final class Supervisor {
  private static final String MARK = "MILLRACE_PROCESS";
  private static final Duration LOCK_PATIENCE = Duration.ofMinutes(10);
  private static final Duration ADOPTION = Duration.ofSeconds(3);

  private final Path runFolder;
  private final Path logFolder;
  private final Path dataFolder;

  /**
   * Keeps pid and lock files in {@code run}, logs in {@code log}, and takes {@code data/NAME} for
   * the folder of process NAME alone, all below the given folder; they are made when needed.
   */
  public Supervisor(Path state) {
    Path folder = state.toAbsolutePath().normalize();
    this.runFolder = folder.resolve("run");
    this.logFolder = folder.resolve("log");
    this.dataFolder = folder.resolve("data");
  }

  /**
   * Makes sure that the process runs and is well, and no other of its name: leaves it alone when it
   * does with the same spec, replaces it when it is sick or was started with another spec, starts
   * it when there is none.
   *
   * @throws StackException when a port is taken, it ends, or it is not ready in time; nothing is
   *     left running then
   */
  public ManagedProcess start(ProcessSpec spec) {
    try {
      return locked(spec.name(), () -> adoptOrLaunch(spec));
    } catch (IOException e) {
      throw notStarted(spec, e);
    }
  }

  private StackException notStarted(ProcessSpec spec, IOException e) {
    return new StackException(
        "%s could not be started: %s. Log: %s"
            .formatted(spec.name(), e.getMessage(), log(spec.name())),
        e);
  }

  /**
   * Starts a process beside the one of the same name, which may share its port, and stops that one
   * a while after the new one is well. One that does not run is only started.
   *
   * @param well passes once the new one is ready; must not pass for the old one
   * @param together how long both run then
   * @throws StackException when the new one ends or is not ready in time; the old one runs on then
   */
  public ManagedProcess replace(ProcessSpec spec, HealthCheck well, Duration together) {
    try {
      return locked(
          spec.name(),
          () -> {
            Optional<ManagedProcess> old = find(spec.name());
            return old.isPresent() ? succeed(spec, well, together, old.get()) : adoptOrLaunch(spec);
          });
    } catch (IOException e) {
      throw notStarted(spec, e);
    }
  }

  /** The running process of this name; a pid file left by a dead one counts as none. */
  public Optional<ManagedProcess> find(String name) {
    return PidFile.read(pidFile(name))
        .filter(file -> file.id().isAlive())
        .map(
            file ->
                new ManagedProcess(
                    name, file.id(), file.fingerprint(), file.stopSignal(), log(name)));
  }

  /** Stops the process, by force once the time is over. Returns whether there was one. */
  public boolean stop(String name, Duration patience) {
    try {
      return locked(name, () -> end(name, patience));
    } catch (IOException e) {
      throw new StackException("%s could not be stopped: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Kills the process at once (SIGKILL) and only it, as a fault would; returns when it is gone. */
  public void kill(String name) {
    ManagedProcess process =
        find(name).orElseThrow(() -> new StackException(name + " does not run"));
    Termination.kill(List.of(process.id()));
  }

  /** The log file of a process, whether or not it runs. */
  public Path log(String name) {
    return logFolder.resolve(name + ".log");
  }

  /** The names of all processes that were started here and not stopped since. */
  public List<String> names() {
    if (!Files.isDirectory(runFolder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runFolder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".pid"))
          .map(file -> file.substring(0, file.length() - ".pid".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + runFolder + ": " + e.getMessage(), e);
    }
  }

  private ManagedProcess adoptOrLaunch(ProcessSpec spec) throws IOException {
    Optional<ManagedProcess> running = find(spec.name());
    if (running.isPresent() && adoptable(running.get(), spec)) {
      endOthers(running.get(), spec.stopTimeout());
      return running.get();
    }
    end(spec.name(), spec.stopTimeout());
    spec.ports().forEach(Ports::requireFree);
    return launch(spec);
  }

  /** A process that is still on its way up gets the time that its spec gives it. */
  private static boolean adoptable(ManagedProcess process, ProcessSpec spec) {
    if (!process.fingerprint().equals(spec.fingerprint())) {
      return false;
    }
    Duration left = spec.startTimeout().minus(process.age());
    Duration patience = left.compareTo(ADOPTION) > 0 ? left : ADOPTION;
    return Launch.awaitWell(process, spec.health(), patience).isEmpty();
  }

  private ManagedProcess launch(ProcessSpec spec) throws IOException {
    Launch launch = begin(spec);
    record(launch);
    String problem = launch.awaitWell(spec.health());
    if (!problem.isEmpty()) {
      end(spec.name(), spec.stopTimeout());
      throw launch.failed(problem);
    }
    launch.keepClasses();
    return launch.process();
  }

  private ManagedProcess succeed(
      ProcessSpec spec, HealthCheck well, Duration together, ManagedProcess old)
      throws IOException {
    Set<ProcessId> before = family(spec.name());
    Launch launch = begin(spec);
    String problem = launch.awaitWell(well);
    if (problem.isEmpty() && !launch.staysFor(together)) {
      problem = "did not stay.";
    }
    if (!problem.isEmpty()) {
      Set<ProcessId> failed = new LinkedHashSet<>(family(spec.name()));
      failed.removeAll(before);
      Termination.kill(failed);
      throw launch.failed(problem);
    }
    record(launch);
    Termination.ask(List.of(old.id()), old.stopSignal(), spec.stopTimeout());
    Termination.kill(before);
    launch.keepClasses();
    return launch.process();
  }

  /** Ends what a {@link #replace} that was killed left beside the process. */
  private void endOthers(ManagedProcess process, Duration patience) {
    List<ProcessId> others = new ArrayList<>(Proc.withEnvironment(mark(process.name())));
    others.removeAll(tree(process));
    Termination.ask(others, process.stopSignal(), patience);
    Termination.kill(others);
  }

  private Launch begin(ProcessSpec spec) throws IOException {
    Files.createDirectories(runFolder);
    return Launch.begin(spec, mark(spec.name()), log(spec.name()));
  }

  private void record(Launch launch) throws IOException {
    ManagedProcess process = launch.process();
    new PidFile(process.id(), process.fingerprint(), process.stopSignal())
        .write(pidFile(process.name()));
  }

  private boolean end(String name, Duration patience) throws IOException {
    Optional<ManagedProcess> leader = find(name);
    Set<ProcessId> all = new LinkedHashSet<>(family(name));
    if (leader.isPresent()) {
      Termination.ask(List.of(leader.get().id()), leader.get().stopSignal(), patience);
      all.addAll(family(name)); // what it started meanwhile
    }
    Termination.kill(all);
    Files.deleteIfExists(pidFile(name));
    return !all.isEmpty();
  }

  /**
   * The process, its descendants, whatever else carries its mark, and what works in its data
   * folder: the children of a killed PostgreSQL carry no mark and end only with their query.
   */
  private Set<ProcessId> family(String name) {
    Set<ProcessId> all = new LinkedHashSet<>(Proc.withEnvironment(mark(name)));
    all.addAll(Proc.workingIn(dataFolder.resolve(name)));
    find(name).ifPresent(leader -> all.addAll(tree(leader)));
    return all;
  }

  private static Set<ProcessId> tree(ManagedProcess leader) {
    Set<ProcessId> tree = new LinkedHashSet<>(Set.of(leader.id()));
    ProcessHandle.of(leader.id().pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(child -> ProcessId.of(child.pid()).ifPresent(tree::add));
    return tree;
  }

  private <T> T locked(String name, FileLocks.Work<T, IOException> work) throws IOException {
    return FileLocks.holding(runFolder.resolve(name + ".lock"), LOCK_PATIENCE, work);
  }

  private String mark(String name) {
    return MARK + "=" + runFolder + "#" + name;
  }

  private Path pidFile(String name) {
    return runFolder.resolve(name + ".pid");
  }
}
