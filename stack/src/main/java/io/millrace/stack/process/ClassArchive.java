package io.millrace.stack.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of a server's libraries as the JVM keeps them in memory, parsed and verified once and
 * mapped by every later start (class data sharing, {@code man java}): a JVM is ready in about half
 * the time.
 *
 * <p>A start that finds no archive writes down what it loads, and the archive is made from that in
 * the background, at low priority. It belongs to the very files it was made from: other libraries
 * or another JVM make another one. Nothing depends on it; without one a start is slower.
 *
 * @param folder where archives are kept, 50 to 130 MB each
 * @param name of the server
 * @param libraries jars that the class path begins with, in its order; what follows them may change
 */
public record ClassArchive(Path folder, String name, List<Path> libraries) {
  private static final Logger log = LoggerFactory.getLogger(ClassArchive.class);

  /** A claim that is older was left by one that was killed, where the system does not say. */
  private static final Duration MAKING = Duration.ofMinutes(10);

  /** A maker is a running process this long after it was started. */
  private static final Duration STARTED = Duration.ofSeconds(10);

  /** Names the claim in the environment of its maker. */
  private static final String CLAIM = "MILLRACE_CLASS_ARCHIVE";

  /** Arguments: java, archive, the list of classes, the class path. */
  private static final String MAKE =
      """
      echo 19 >/proc/self/autogroup
      nice -n 19 "$1" -Xshare:dump -XX:SharedClassListFile="$3" -XX:SharedArchiveFile="$3.jsa" \
        -XX:ErrorFile="$3.error" -Xlog:cds=off -Xlog:cds+heap=off -cp "$4" && mv "$3.jsa" "$2"
      rm -f "$3.jsa" "$3" "$3.error"
      """;

  /** Copies the list. */
  public ClassArchive {
    libraries = List.copyOf(libraries);
  }

  /**
   * One start of the server.
   *
   * @param options for the JVM
   * @param classes where it writes down what it loads, or null if there is an archive
   */
  public record Start(List<String> options, @Nullable Path classes) {
    /** Without an archive, and without making one. */
    public static final Start PLAIN = new Start(List.of(), null);

    /** Copies the list. */
    public Start {
      options = List.copyOf(options);
    }
  }

  /** How the server is started this time. */
  public Start start() {
    if (!isSupported()) {
      return Start.PLAIN;
    }
    try {
      List<String> mapped = mapped();
      if (!mapped.isEmpty()) {
        return new Start(mapped, null);
      }
      Files.createDirectories(folder);
      Path classes = folder.resolve(name + "-" + UUID.randomUUID() + ".classes");
      return new Start(List.of("-XX:DumpLoadedClassList=" + classes), classes);
    } catch (IOException e) {
      log.warn("starts without an archive of classes server={} reason={}", name, e.toString());
      return Start.PLAIN;
    }
  }

  /** Options for a JVM that is to use the archive if there is one, and else to go without. */
  public List<String> mapped() throws IOException {
    Path archive = file();
    return Files.exists(archive)
        ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive)
        : List.of();
  }

  /** The same for a process that no {@link Supervisor} started. */
  public void make(Start start) {
    make(start, CLAIM + "_OF=" + name);
  }

  /**
   * Makes the archive from what a start has loaded until now, unless another one is at it.
   *
   * @param mark a {@code NAME=value} for the environment of the process that makes it
   */
  public void make(Start start, String mark) {
    Path classes = start.classes();
    if (classes == null) {
      return;
    }
    try {
      Path archive = file();
      Path making = folder.resolve(archive.getFileName() + ".making");
      if (!Files.exists(archive) && Files.exists(classes) && claim(making)) {
        deleteOthers(archive);
        String written = Files.readString(classes);
        // Its last line may be half written.
        Files.writeString(making, written.substring(0, written.lastIndexOf('\n') + 1));
        make(archive, making, mark);
      }
      Files.deleteIfExists(classes); // the JVM goes on writing into what has no name any more
    } catch (IOException e) {
      log.warn("no archive of classes server={} reason={}", name, e.toString());
    }
  }

  private void make(Path archive, Path making, String mark) throws IOException {
    List<String> command = new ArrayList<>();
    Executables.onPath("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(List.of("sh", "-c", MAKE, "sh"));
    command.add(Executables.java().toString());
    Stream.of(archive, making).map(Path::toString).forEach(command::add);
    command.add(classPath(libraries));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put(CLAIM, making.toString());
    builder.environment().put(mark.split("=", 2)[0], mark.split("=", 2)[1]);
    Process unused = builder.start();
  }

  /** Files as a class path. */
  public static String classPath(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** OpenJ9 has another kind of archive. */
  private static boolean isSupported() {
    return !System.getProperty("java.vm.name", "").contains("OpenJ9");
  }

  /** Whether the maker of a claim was ended before it had finished. */
  private static boolean isAbandoned(Path claim) throws IOException {
    boolean ended =
        Proc.isThere()
            && isOld(claim, STARTED)
            && Proc.withEnvironment(CLAIM + "=" + claim).isEmpty();
    return ended || isOld(claim, MAKING);
  }

  private static boolean isOld(Path file, Duration age) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(age));
  }

  private boolean claim(Path claim) throws IOException {
    try {
      if (!isAbandoned(claim)) {
        return false;
      }
      Files.deleteIfExists(claim);
    } catch (NoSuchFileException e) {
      // Free.
    }
    try {
      Files.createFile(claim);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Archives of other libraries, and what starts that failed have written down. */
  private void deleteOthers(Path archive) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    for (Path file : files) {
      String other = file.getFileName().toString();
      boolean old = other.matches(name + "-[0-9a-f]{16}\\.jsa") && !file.equals(archive);
      if (old || (other.matches(name + "-[0-9a-f-]{36}\\.classes") && isOld(file, MAKING))) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Named after all that the JVM compares before it takes an archive. */
  private Path file() throws IOException {
    StringBuilder text =
        new StringBuilder(System.getProperty("java.vm.version") + Executables.java());
    for (Path library : libraries) {
      BasicFileAttributes attributes = Files.readAttributes(library, BasicFileAttributes.class);
      text.append('\n').append(library).append(' ').append(attributes.size());
      text.append(' ').append(attributes.lastModifiedTime());
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return folder.resolve("%s-%s.jsa".formatted(name, HexFormat.of().formatHex(digest, 0, 8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
