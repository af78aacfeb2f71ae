package io.millrace.stack.process;

import io.millrace.stack.StackException;
import io.millrace.stack.process.HealthCheck.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts, finds and stops processes that outlive us. Each has a pid file with its start time and
 * the fingerprint of its spec, and a mark in its environment by which it is found even when we were
 * killed before the file was written.
 *
 * <p>It ends only what it started: the process, its descendants, what carries its mark, and what a
 * server that overwrote its environment left in its data folder. What answers, slowly or not, is
 * never replaced by {@link #start}: only a process that is dead, refuses connections after the time
 * of its start, or was started with another spec.
 *
 * <p>Safe for several threads and several processes at once: whoever works on a name holds that
 * name's lock file.
 */
public final class Supervisor {
  private static final String MARK = "MILLRACE_PROCESS";

  /** In place of a process's name: no name has a capital letter. */
  private static final String MAKERS = "CLASS-ARCHIVES";

  private static final String LOGS = "LOGS";

  private static final Duration LOCK_PATIENCE = Duration.ofMinutes(10);
  private static final Duration ADOPTION = Duration.ofSeconds(3);

  private final Path runFolder;
  private final Path logFolder;
  private final Path dataFolder;
  private final Duration leastStartTimeout;

  /** As the other one, with the time for its start that each process's spec gives it. */
  public Supervisor(Path state) {
    this(state, Duration.ZERO);
  }

  /**
   * Keeps pid and lock files in {@code run}, logs in {@code log}, and takes {@code data/NAME} for
   * the folder of process NAME alone, all below the given folder; they are made when needed.
   *
   * @param leastStartTimeout gives processes more time than their specs to become ready
   */
  public Supervisor(Path state, Duration leastStartTimeout) {
    Path folder = state.toAbsolutePath().normalize();
    this.runFolder = folder.resolve("run");
    this.logFolder = folder.resolve("log");
    this.dataFolder = folder.resolve("data");
    this.leastStartTimeout = leastStartTimeout;
  }

  /**
   * Makes sure that the process runs and is well, and no other of its name: leaves it alone when it
   * does with the same spec, replaces it when it refuses connections or was started with another
   * spec, starts it when there is none. One that answers slowly is waited for.
   *
   * @throws StackException when a port is taken, it ends, or it is not ready in time. Nothing that
   *     was started here is left running then; what ran before and does not get ready runs on
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

  /** Bounds the logs of all processes while they run, until {@link #stopOthers}. */
  public void boundLogs() {
    try {
      new LogRotation(logFolder).ensureRunning(mark(LOGS));
    } catch (IOException e) {
      throw new StackException("The logs cannot be bounded: " + e.getMessage(), e);
    }
  }

  /**
   * Ends the processes that work in the background for those that were started here: what makes
   * archives of classes, see {@link ClassArchive}, and what bounds the logs.
   */
  public void stopOthers() {
    Termination.killMarked(mark(MAKERS));
    Termination.killMarked(mark(LOGS));
  }

  /**
   * Passes when the ports that processes are to listen on are free, or are held by a process that
   * was started here.
   *
   * @param ports by the name of the process
   * @throws StackException naming each port that is taken, its holder and how to choose another
   */
  public void requireFree(Map<String, List<ListenPort>> ports) {
    Set<Long> started =
        Stream.concat(ports.keySet().stream(), names().stream())
            .distinct()
            .flatMap(name -> family(name).stream())
            .map(ProcessId::pid)
            .collect(Collectors.toUnmodifiableSet());
    List<ListenPort> wanted = new ArrayList<>();
    ports.forEach(
        (name, own) ->
            own.stream()
                .filter(port -> isForeign(name, port.number(), started))
                .forEach(wanted::add));
    Ports.requireFree(wanted);
  }

  private boolean isForeign(String name, int port, Set<Long> started) {
    if (Ports.isFree(port)) {
      return false;
    }
    List<Long> holders = Proc.listeningOn(port);
    return holders.isEmpty()
        ? find(name).isEmpty() // the system does not say who: a running one has its own ports
        : holders.stream().noneMatch(started::contains);
  }

  /** Kills the process at once (SIGKILL) and only it, as a fault would; returns when it is gone. */
  public void kill(String name) {
    ManagedProcess process =
        find(name).orElseThrow(() -> new StackException(name + " does not run"));
    Termination.kill(List.of(process.id()));
  }

  /** What the processes that were started here listen on; empty where the system does not say. */
  public List<Listening> listening() {
    return names().stream()
        .flatMap(
            name ->
                Proc.listening(name, family(name).stream().map(ProcessId::pid).toList()).stream())
        .toList();
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
    Ports.requireFree(spec.ports());
    return launch(spec);
  }

  /** A process that is still on its way up gets the time that its spec gives it. */
  private boolean adoptable(ManagedProcess process, ProcessSpec spec) {
    if (!process.fingerprint().equals(spec.fingerprint())) {
      return false;
    }
    Duration whole = startTimeout(spec);
    Duration left = whole.minus(process.age());
    Duration refused = left.compareTo(ADOPTION) > 0 ? left : ADOPTION;
    Readiness.Outcome outcome =
        Readiness.await(process, spec.health(), state -> state == State.REFUSED ? refused : whole);
    if (outcome.isReady() || !outcome.alive() || outcome.finding().state() == State.REFUSED) {
      return outcome.isReady();
    }
    throw new StackException(
        ("%s (pid %d) runs and was left alone, but %s%nA busy machine needs longer: try again, with"
             + " stack.start-timeout=10m in millrace.properties or MILLRACE_START_TIMEOUT=10m. If"
             + " it hangs, end it (kill -9 %d) and try again.%nLog: %s")
            .formatted(
                process.name(),
                process.id().pid(),
                outcome.problem(),
                process.id().pid(),
                process.log()));
  }

  private Duration startTimeout(ProcessSpec spec) {
    Duration own = spec.startTimeout();
    return own.compareTo(leastStartTimeout) > 0 ? own : leastStartTimeout;
  }

  private ManagedProcess launch(ProcessSpec spec) throws IOException {
    Launch launch = begin(spec);
    record(launch, "");
    String problem = launch.awaitWell(spec.health(), startTimeout(spec));
    if (!problem.isEmpty()) {
      end(spec.name(), spec.stopTimeout());
      throw launch.failed(problem);
    }
    keep(launch);
    return launch.process();
  }

  private ManagedProcess succeed(
      ProcessSpec spec, HealthCheck well, Duration together, ManagedProcess old)
      throws IOException {
    Set<ProcessId> before = family(spec.name());
    Launch launch = begin(spec);
    String problem = launch.awaitWell(well, startTimeout(spec));
    if (problem.isEmpty() && !launch.staysFor(together)) {
      problem = "did not stay.";
    }
    if (!problem.isEmpty()) {
      Set<ProcessId> failed = new LinkedHashSet<>(family(spec.name()));
      failed.removeAll(before);
      Termination.kill(failed);
      throw launch.failed(problem);
    }
    keep(launch);
    Termination.ask(List.of(old.id()), old.stopSignal(), spec.stopTimeout());
    Termination.kill(before);
    return launch.process();
  }

  /** Writes down which program runs, now that it does, and makes an archive of its classes. */
  private void keep(Launch launch) throws IOException {
    record(launch, Proc.program(launch.process().id().pid()).orElse(""));
    launch.keepClasses(mark(MAKERS));
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

  private void record(Launch launch, String program) throws IOException {
    ManagedProcess process = launch.process();
    new PidFile(process.id(), process.fingerprint(), process.stopSignal(), program)
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
   * The process, its descendants, whatever else carries its mark, and what overwrote the mark and
   * works in its data folder: the children of a killed PostgreSQL end only with their query.
   */
  private Set<ProcessId> family(String name) {
    Set<ProcessId> all = new LinkedHashSet<>(Proc.withEnvironment(mark(name)));
    String program = PidFile.read(pidFile(name)).map(PidFile::program).orElse("");
    all.addAll(Proc.titledIn(dataFolder.resolve(name), program));
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
