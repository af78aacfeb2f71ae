package io.millrace.stack;

import io.millrace.stack.install.Cache;
import io.millrace.stack.process.FileLocks;
import io.millrace.stack.process.ProcessId;
import io.millrace.stack.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Real servers for a test: on free ports, with data in a folder of their own under {@code target},
 * gone when closed. A JVM that ends without closing takes them down as it goes; what one that was
 * killed left behind, the next clears away.
 */
public final class LocalStack implements AutoCloseable {
  private static final String OWNER = "owner";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Stack stack;
  private final Path folder;
  private final Thread atExit;

  private LocalStack(Stack stack, Path folder) {
    this.stack = stack;
    this.folder = folder;
    this.atExit = new Thread(this::remove, "local-stack-at-exit");
  }

  /** Starts the components, and what they need, and returns once they are well. */
  public static LocalStack forTests(Component... components) {
    return forTests(S3Server.SEAWEEDFS, SearchAttribute.STANDARD, components);
  }

  /** The same with a choice of object store and search attributes. */
  public static LocalStack forTests(
      S3Server s3Server, List<SearchAttribute> attributes, Component... components) {
    try {
      Path all = Files.createDirectories(Path.of("target", "stacks").toAbsolutePath());
      // Tests run side by side: one clears at a time, and none sees an owner half written.
      FileLocks.holding(all.resolve("lock"), PATIENCE, () -> clearAbandoned(all));
      Path folder = Files.createTempDirectory(all, "stack-");
      PrivateFiles.write(folder.resolve(OWNER), ProcessId.current().format());
      StackConfig config = StackConfig.forTests(folder.resolve(".millrace"), s3Server, attributes);
      LocalStack local = new LocalStack(new Stack(config), folder);
      Runtime.getRuntime().addShutdownHook(local.atExit);
      local.start(components);
      return local;
    } catch (IOException e) {
      throw new StackException("Cannot make a folder for the test: " + e.getMessage(), e);
    }
  }

  /** Where the servers are. */
  public Endpoints endpoints() {
    return stack.endpoints();
  }

  /** The stack itself, for whatever else a test wants of it. */
  public Stack stack() {
    return stack;
  }

  /** Kills a component's process (SIGKILL). */
  public void kill9(Component component) {
    stack.kill9(component);
  }

  /** Starts a component again on its data; one that still runs is stopped in order first. */
  public void restart(Component component) {
    stack.restart(component);
  }

  /** Stops all processes and deletes all data. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private void start(Component... components) {
    Set<Component> wanted = EnumSet.noneOf(Component.class);
    wanted.addAll(List.of(components));
    try {
      stack.up(wanted, ProgressListener.none());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void remove() {
    try {
      stack.discard();
      Cache.delete(folder);
    } catch (IOException e) {
      throw new StackException("Could not delete " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Stops and deletes the stacks of JVMs that are gone. */
  private static int clearAbandoned(Path all) throws IOException {
    int cleared = 0;
    List<Path> folders;
    try (Stream<Path> listed = Files.list(all)) {
      folders = listed.toList();
    }
    for (Path folder : folders) {
      Path owner = folder.resolve(OWNER);
      boolean abandoned =
          Files.exists(owner)
              && ProcessId.parse(Files.readString(owner)).filter(ProcessId::isAlive).isEmpty();
      if (abandoned) {
        Supervisor supervisor = new Supervisor(folder.resolve(".millrace"));
        supervisor.names().forEach(name -> supervisor.stop(name, Duration.ZERO));
        Cache.delete(folder);
        cleared++;
      }
    }
    return cleared;
  }
}
