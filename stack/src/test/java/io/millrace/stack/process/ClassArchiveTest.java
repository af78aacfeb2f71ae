package io.millrace.stack.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stack.process.ClassArchive.Start;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real JVMs and a library of one class. */
class ClassArchiveTest {
  private static final String MARK = "MILLRACE_TEST=maker";
  private static final String FROM_ARCHIVE = "Server source: shared objects file";

  @TempDir Path folder;
  private Path library;

  @BeforeEach
  void compile() throws IOException {
    Path source = folder.resolve("Server.java");
    Files.writeString(
        source,
        "public class Server { public static void main(String[] a) throws Exception {"
            + " System.out.println(\"up\"); if (a.length > 0) { Thread.sleep(60_000); } } }");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString()))
        .isZero();
    library = folder.resolve("library.jar");
    try (OutputStream file = Files.newOutputStream(library);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new ZipEntry("Server.class"));
      jar.write(Files.readAllBytes(folder.resolve("Server.class")));
    }
    Files.delete(folder.resolve("Server.class"));
  }

  @AfterEach
  void awaitMakers() {
    await().until(() -> archives(".making").isEmpty());
  }

  @Test
  void theSecondStartMapsTheClassesThatTheFirstOneLoaded() throws Exception {
    Start first = archive().start();
    assertThat(run(first.options())).contains("up").doesNotContain(FROM_ARCHIVE);
    archive().make(first, MARK);
    awaitArchive();

    Start second = archive().start();

    assertThat(second.classes()).isNull();
    assertThat(run(second.options())).contains("up").contains(FROM_ARCHIVE);
    assertThat(archives("")).as("nothing else is left").hasSize(1);
  }

  @Test
  void twoStartsAtOnceMakeOneArchive() throws Exception {
    Start one = archive().start();
    Start other = archive().start();
    assertThat(run(one.options())).contains("up");
    assertThat(run(other.options())).contains("up");

    archive().make(one, MARK);
    archive().make(other, MARK);

    assertThat(Objects.requireNonNull(other.classes())).doesNotExist();
    awaitArchive();
    assertThat(archives(".jsa")).hasSize(1);
  }

  @Test
  void anotherLibraryMakesAnotherArchiveAndTheOldOneGoes() throws Exception {
    make();
    List<Path> before = archives(".jsa");
    Files.setLastModifiedTime(library, FileTime.from(Instant.now().minusSeconds(3_600)));

    make();

    assertThat(archives(".jsa")).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  @Test
  void aDamagedArchiveIsOnlySlower() throws Exception {
    make();
    Path archive = archives(".jsa").get(0);
    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");

    assertThat(run(archive().start().options())).contains("up").doesNotContain(FROM_ARCHIVE);
  }

  @Test
  void whatAKilledMakerClaimedIsFreeLater() throws Exception {
    Start start = archive().start();
    assertThat(run(start.options())).contains("up");
    String name = firstArchiveName();
    Path claim = Files.createFile(folder.resolve("archives").resolve(name + ".making"));
    Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(1_200)));

    archive().make(start, MARK);

    awaitArchive();
  }

  /** The list of a thousand classes that a start wrote down keeps a maker busy for a while. */
  @Test
  void aMakerEndsWhenItIsAskedToAndItsClaimIsFreeAtOnce() throws Exception {
    Supervisor supervisor = new Supervisor(folder.resolve("state"));
    ManagedProcess server = supervisor.start(server());
    String maker = "MILLRACE_PROCESS=" + folder.resolve("state/run") + "#CLASS-ARCHIVES";

    supervisor.stopOthers();

    assertThat(Proc.withEnvironment(maker)).isEmpty();
    assertThat(server.isAlive()).isTrue();
    supervisor.stop("server", Duration.ZERO);
    for (Path claim : archives(".making")) {
      Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(11)));
    }
    make();
  }

  @Test
  void aServerThatRunsIsTheSameWithAnArchiveAndWithout() {
    Supervisor supervisor = new Supervisor(folder.resolve("state"));
    try {
      ManagedProcess first = supervisor.start(server());
      awaitArchive();
      assertThat(supervisor.start(server()).id()).isEqualTo(first.id());
    } finally {
      supervisor.stop("server", Duration.ZERO);
    }
  }

  /** Of the archive that the library would get. */
  private String firstArchiveName() throws Exception {
    make();
    Path archive = archives(".jsa").get(0);
    Files.delete(archive);
    return archive.getFileName().toString();
  }

  private void make() throws Exception {
    Start start = archive().start();
    assertThat(run(start.options())).contains("up");
    archive().make(start, MARK);
    awaitArchive();
  }

  /** Until it is there, and its maker's claim is gone. */
  private void awaitArchive() {
    await().until(() -> archive().start().classes() == null && archives(".making").isEmpty());
  }

  private ClassArchive archive() {
    return new ClassArchive(folder.resolve("archives"), "server", List.of(library));
  }

  private List<Path> archives(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("archives"))) {
      return files
          .filter(file -> file.toString().endsWith(ending) && !file.toString().endsWith(".log"))
          .toList();
    }
  }

  private ProcessSpec server() {
    Path log = folder.resolve("state").resolve("log").resolve("server.log");
    return new ProcessSpec(
            "server",
            List.of(Executables.java().toString(), "-cp", library.toString(), "Server", "wait"),
            Map.of(),
            folder,
            List.of(),
            () -> {
              if (!Files.readString(log, UTF_8).contains("up")) {
                throw new IOException("not up yet");
              }
            },
            Waiting.LIMIT,
            Duration.ofSeconds(5))
        .with(archive());
  }

  /** With a folder behind the library, as our own classes stand there. */
  private String run(List<String> options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Executables.java().toString()));
    command.addAll(options);
    command.addAll(List.of("-Xlog:class+load", "-cp", library + ":" + folder, "Server"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
