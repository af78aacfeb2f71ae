package io.millrace.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stack.StackException;
import io.millrace.stack.process.ProcessSpec.StopSignal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final HealthCheck WELL = () -> {};
  private static final String NAME = "sleeper";

  @TempDir Path folder;
  private Supervisor supervisor;

  @BeforeEach
  void makeSupervisor() {
    supervisor = newSupervisor();
  }

  @AfterEach
  void stopWhatRuns() {
    supervisor.names().forEach(name -> supervisor.stop(name, Duration.ZERO));
  }

  @Test
  void anotherSupervisorFindsAndStopsTheProcess() {
    ManagedProcess started = supervisor.start(sleep("60"));

    Supervisor later = newSupervisor();

    assertThat(later.find(NAME)).contains(started);
    assertThat(later.stop(NAME, Duration.ofSeconds(5))).isTrue();
    assertThat(started.isAlive()).isFalse();
    assertThat(later.names()).isEmpty();
    assertThat(later.stop(NAME, Duration.ofSeconds(5))).isFalse();
  }

  @Test
  void adoptsAProcessOfTheSameSpecAndReplacesOneOfAnother() {
    ManagedProcess first = supervisor.start(sleep("60"));

    ManagedProcess same = newSupervisor().start(sleep("60"));
    ManagedProcess other = supervisor.start(sleep("61"));

    assertThat(same.id()).isEqualTo(first.id());
    assertThat(other.id()).isNotEqualTo(first.id());
    assertThat(first.isAlive()).isFalse();
  }

  @Test
  void neverTakesALaterProcessWithTheRecordedNumberForItsOwn() throws IOException {
    ProcessId impostor = new ProcessId(ProcessHandle.current().pid(), "linux:another-boot:1");
    Files.createDirectories(folder.resolve("run"));
    new PidFile(impostor, "fingerprint", StopSignal.TERM, "")
        .write(folder.resolve("run/sleeper.pid"));

    assertThat(supervisor.find(NAME)).isEmpty();
    assertThat(supervisor.stop(NAME, Duration.ZERO)).isFalse();
    assertThat(ProcessId.current().isAlive()).isTrue();
  }

  @Test
  void replacesWhatAKilledStartLeftWithoutAPidFile() throws IOException {
    ManagedProcess lost = supervisor.start(sleep("60"));
    // setsid is becoming the command: for that moment the system shows no environment of it.
    await().until(() -> Proc.withEnvironment(mark()).contains(lost.id()));
    Files.delete(folder.resolve("run/sleeper.pid"));

    ManagedProcess found = supervisor.start(sleep("60"));

    assertThat(lost.isAlive()).isFalse();
    assertThat(found.isAlive()).isTrue();
  }

  @Test
  void endsWhatAKilledProcessLeftInItsDataFolderThoughItOverwroteItsEnvironment() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/sleeper"));
    assumeThat(Path.of("/proc/self/cwd")).exists();
    // Both are sh from the beginning: the program of a process is noted when it is started.
    String script = "(cd " + data + " && mkfifo f && exec env -i sh -c 'read x < f') & wait";
    ManagedProcess leader = supervisor.start(spec(List.of("sh", "-c", script), WELL));
    ProcessHandle child =
        await()
            .until(
                () ->
                    ProcessHandle.of(leader.id().pid()).stream()
                        .flatMap(ProcessHandle::children)
                        .filter(SupervisorTest::hasNoEnvironment)
                        .findFirst()
                        .orElse(null),
                found -> found != null);
    supervisor.kill(NAME);

    supervisor.stop(NAME, Duration.ZERO);

    assertThat(ProcessId.of(child.pid())).isEmpty();
  }

  /** While it becomes another program a process shows no environment, but that program already. */
  private static boolean hasNoEnvironment(ProcessHandle process) {
    try {
      return Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ")).length == 0
          && Proc.program(process.pid()).orElse("").matches(".*/(da|ba)?sh");
    } catch (IOException e) {
      return false; // it ended meanwhile
    }
  }

  @Test
  void neverEndsAForeignProcessThatWorksInItsFolders() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/sleeper/deeper"));
    supervisor.start(sleep("60"));
    List<Process> foreign =
        List.of(
            new ProcessBuilder("sleep", "60").directory(data.toFile()).start(),
            new ProcessBuilder("env", "-i", "tail", "-f", "/dev/null")
                .directory(data.toFile())
                .start());
    await().until(() -> Proc.program(foreign.get(1).pid()).orElse("").endsWith("tail"));

    supervisor.stop(NAME, Duration.ZERO);

    assertThat(foreign).allMatch(Process::isAlive);
    foreign.forEach(Process::destroyForcibly);
  }

  /** Longer than the time that one which refuses connections gets. */
  @Test
  void neverReplacesWhatAnswersSlowly() {
    ManagedProcess first = supervisor.start(sleep("60"));
    AtomicInteger slow = new AtomicInteger(250);

    ManagedProcess found =
        supervisor.start(
            spec(
                List.of("sleep", "60"),
                () -> {
                  if (slow.decrementAndGet() > 0) {
                    throw new SocketTimeoutException("Read timed out");
                  }
                }));

    assertThat(found.id()).isEqualTo(first.id());
  }

  @Test
  void leavesAloneWhatDoesNotGetReadyAndSaysWhatToDo() {
    ManagedProcess first = supervisor.start(sleep("60"));
    HealthCheck hangs =
        () -> {
          throw new SocketTimeoutException("Read timed out");
        };

    assertThatThrownBy(() -> supervisor.start(impatient(hangs)))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("runs and was left alone")
        .hasMessageContaining("Read timed out")
        .hasMessageContaining("MILLRACE_START_TIMEOUT")
        .hasMessageContaining("kill -9 " + first.id().pid());
    requireOnly(first);
  }

  @Test
  void replacesWhatRefusesConnections() {
    ManagedProcess first = supervisor.start(sleep("60"));

    ManagedProcess second =
        supervisor.start(
            spec(
                List.of("sleep", "60"),
                () -> {
                  if (first.isAlive()) {
                    throw new IOException("no", new ConnectException("Connection refused"));
                  }
                }));

    assertThat(first.isAlive()).isFalse();
    assertThat(second.isAlive()).isTrue();
  }

  @Test
  void waitsLongerThanItsTimeForAProcessThatWorks() {
    Path ready = folder.resolve("ready");
    String script =
        "i=0; while [ $i -lt 1500000 ]; do i=$((i+1)); done; touch " + ready + "; exec sleep 60";
    HealthCheck check =
        () -> {
          if (!Files.exists(ready)) {
            throw new IOException("not yet");
          }
        };
    ProcessSpec works =
        new ProcessSpec(
            NAME,
            List.of("sh", "-c", script),
            Map.of(),
            folder,
            List.of(),
            check,
            Duration.ofMillis(1_500),
            Duration.ofSeconds(5));

    assertThat(supervisor.start(works).isAlive()).isTrue();
  }

  @Test
  void namesTheSettingWhenAProcessWasNotReadyInTime() {
    HealthCheck never =
        () -> {
          throw new IOException("nobody answers");
        };

    assertThatThrownBy(() -> supervisor.start(impatient(never)))
        .hasMessageContaining("nobody answers")
        .hasMessageContaining("stack.start-timeout=10m")
        .hasMessageContaining("MILLRACE_START_TIMEOUT=10m");
  }

  @Test
  void tellsAllTakenPortsOfOthersAndNoneOfItsOwn() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket two = new ServerSocket(0, 1, loopback)) {
      Map<String, List<ListenPort>> wanted =
          Map.of(
              "kafka", List.of(new ListenPort("kafka", one.getLocalPort())),
              "serving-1", List.of(new ListenPort("serving", two.getLocalPort())));

      assertThatThrownBy(() -> supervisor.requireFree(wanted))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + one.getLocalPort() + " (kafka) is taken by")
          .hasMessageContaining("MILLRACE_KAFKA_PORT")
          .hasMessageContaining("Port " + two.getLocalPort() + " (serving) is taken by")
          .hasMessageContaining("SERVING_PORT");
    }
  }

  private ProcessSpec impatient(HealthCheck health) {
    return new ProcessSpec(
        NAME,
        List.of("sleep", "60"),
        Map.of(),
        folder,
        List.of(),
        health,
        Duration.ofMillis(100),
        Duration.ofSeconds(5));
  }

  @Test
  void twoStartsAtOnceMakeOneProcess() {
    CompletableFuture<ManagedProcess> one =
        CompletableFuture.supplyAsync(() -> newSupervisor().start(sleep("60")));
    CompletableFuture<ManagedProcess> two =
        CompletableFuture.supplyAsync(() -> newSupervisor().start(sleep("60")));

    assertThat(one.join().id()).isEqualTo(two.join().id());
  }

  @Test
  void killsAProcessThatDoesNotStopAndItsChildren() {
    String script = "trap '' TERM; sleep 60 & while :; do wait; done";
    ManagedProcess stubborn = supervisor.start(spec(List.of("sh", "-c", script), WELL));
    List<ProcessHandle> family =
        ProcessHandle.of(stubborn.id().pid()).stream().flatMap(ProcessHandle::descendants).toList();

    supervisor.stop(NAME, Duration.ofMillis(200));

    assertThat(stubborn.isAlive()).isFalse();
    assertThat(family).noneMatch(child -> ProcessId.of(child.pid()).isPresent());
  }

  @Test
  void saysWhyAProcessEnded() {
    ProcessSpec spec =
        spec(
            List.of("sh", "-c", "sleep 0.2; echo no such config >&2; exit 3"),
            () -> {
              throw new IOException("nobody answers");
            });

    assertThatThrownBy(() -> supervisor.start(spec))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("sleeper ended while it was starting")
        .hasMessageContaining("no such config")
        .hasMessageContaining(folder.resolve("log/sleeper.log").toString());
    assertThat(supervisor.names()).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAProcessThatIsNotReadyInTimeAndLeavesNothing() {
    ProcessSpec spec =
        new ProcessSpec(
            NAME,
            List.of("sleep", "60"),
            Map.of(),
            folder,
            List.of(),
            () -> {
              throw new IOException("nobody answers");
            },
            Duration.ofMillis(100),
            Duration.ofSeconds(5));

    assertThatThrownBy(() -> supervisor.start(spec)).hasMessageContaining("nobody answers");
    assertThat(supervisor.find(NAME)).isEmpty();
  }

  @Test
  void replacesAProcessOnceTheNewOneIsWell() {
    ManagedProcess old = supervisor.start(sleep("60"));
    AtomicBoolean well = new AtomicBoolean();
    CompletableFuture<ManagedProcess> replaced =
        CompletableFuture.supplyAsync(
            () -> supervisor.replace(sleep("61"), () -> requireTrue(well), Duration.ZERO));
    await().until(() -> Proc.withEnvironment(mark()).size() == 2);
    assertThat(old.isAlive()).isTrue();
    assertThat(supervisor.find(NAME)).contains(old);

    well.set(true);

    ManagedProcess young = replaced.join();
    assertThat(old.isAlive()).isFalse();
    assertThat(young.isAlive()).isTrue();
    assertThat(supervisor.find(NAME)).contains(young);
    assertThat(supervisor.start(sleep("61")).id()).isEqualTo(young.id());
  }

  @Test
  void keepsTheOldProcessIfTheNewOneDoesNotComeUp() {
    ManagedProcess old = supervisor.start(sleep("60"));
    ProcessSpec ends = sleep("0.3");

    assertThatThrownBy(
            () -> supervisor.replace(ends, () -> requireTrue(new AtomicBoolean()), Duration.ZERO))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("ended while it was starting");
    requireOnly(old);
  }

  @Test
  void keepsTheOldProcessIfTheNewOneEndsBesideIt() {
    ManagedProcess old = supervisor.start(sleep("60"));

    assertThatThrownBy(() -> supervisor.replace(sleep("0.5"), WELL, Duration.ofMinutes(1)))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("did not stay");
    requireOnly(old);
  }

  @Test
  void endsWhatAKilledReplacementLeftBesideTheProcess() throws IOException {
    ProcessSpec spec = sleep("60");
    ManagedProcess old = supervisor.start(spec);
    Path log = Files.createFile(folder.resolve("left.log"));
    ProcessId left = Launcher.inBackground(spec.command(), spec, mark(), log);
    await().until(() -> Proc.withEnvironment(mark()).contains(left));

    assertThat(supervisor.start(spec).id()).isEqualTo(old.id());

    requireOnly(old);
  }

  private void requireOnly(ManagedProcess old) {
    assertThat(old.isAlive()).isTrue();
    assertThat(supervisor.find(NAME)).contains(old);
    assertThat(Proc.withEnvironment(mark())).containsExactly(old.id());
  }

  @Test
  void startsWhatThereIsNothingToReplaceOf() {
    ManagedProcess started =
        supervisor.replace(sleep("60"), () -> requireTrue(new AtomicBoolean()), Duration.ZERO);
    assertThat(supervisor.find(NAME)).contains(started);
  }

  private static void requireTrue(AtomicBoolean well) throws IOException {
    if (!well.get()) {
      throw new IOException("not yet");
    }
  }

  @Test
  void runsItInASessionOfItsOwn() {
    ManagedProcess started = supervisor.start(sleep("60"));
    Path stat = Path.of("/proc/" + started.id().pid() + "/stat");
    assumeThat(stat).exists();

    await()
        .untilAsserted(
            () -> {
              String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
              assertThat(fields[3]).as("session").isEqualTo(String.valueOf(started.id().pid()));
            });
  }

  @Test
  void startsWithoutSetsidToo() throws IOException {
    Path log = Files.createFile(folder.resolve("sleeper.log"));

    ProcessSpec sleep = sleep("60");
    ProcessId id = Launcher.inBackground(sleep.command(), sleep, "MILLRACE_TEST=1", log);

    assertThat(id.isAlive()).isTrue();
    Termination.kill(List.of(id));
    assertThat(id.isAlive()).isFalse();
  }

  /** What the processes of the name have in their environment. */
  private String mark() {
    return "MILLRACE_PROCESS=" + folder.resolve("run") + "#" + NAME;
  }

  private Supervisor newSupervisor() {
    return new Supervisor(folder);
  }

  private ProcessSpec sleep(String seconds) {
    return spec(List.of("sleep", seconds), WELL);
  }

  private ProcessSpec spec(List<String> command, HealthCheck health) {
    return new ProcessSpec(
        NAME,
        command,
        Map.of(),
        folder,
        List.of(),
        health,
        Duration.ofSeconds(20),
        Duration.ofSeconds(5));
  }
}
