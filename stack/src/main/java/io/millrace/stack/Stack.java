package io.millrace.stack;

import io.millrace.stack.install.Cache;
import io.millrace.stack.process.FileLocks;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ManagedProcess;
import io.millrace.stack.process.Supervisor;
import io.millrace.stack.server.PostgresServer;
import io.millrace.stack.server.Server;
import io.millrace.stack.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The local stack of one state folder. Everything it starts outlives the JVM that asked for it;
 * another JVM with the same configuration finds it again. Commands that change something wait for
 * each other.
 */
public final class Stack {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  private final StackConfig config;
  private final Supervisor supervisor;
  private final Map<Component, Consumer<Endpoints>> preparations = new EnumMap<>(Component.class);

  /** Looks at nothing yet. */
  public Stack(StackConfig config) {
    this.config = config;
    this.supervisor = new Supervisor(config.state(), config.startTimeout());
  }

  /**
   * Has a step run after all that a component needs is well and before it is started itself: the
   * topics and buckets of Flink's jobs, for instance. A failure of the step is a failure of the
   * component.
   */
  public Stack before(Component component, Consumer<Endpoints> step) {
    preparations.put(component, step);
    return this;
  }

  /**
   * Starts the components, and what they need, side by side; those that run and are well are left
   * alone. Writes {@code endpoints.properties} (mode 0600) into the state folder.
   *
   * @return a row for each component of the stack
   * @throws StackException when a port of any is taken, before anything is started; when any could
   *     not be started, naming each with its reason; the others are left running, so that the next
   *     try is short
   */
  public List<StatusRow> up(Set<Component> components, ProgressListener listener) {
    Preconditions.check(config);
    closeState(components);
    return locked(
        () -> {
          requireFree(components, Map.of());
          writeEndpoints(); // commands find what runs though not all of it could be started
          if (config.durability() == Durability.DURABLE) {
            supervisor.boundLogs(); // tests are over before a log has grown
          }
          startup(listener).run(components);
          return status();
        });
  }

  /**
   * Stops every process that was started in this state folder, those that depend on others first.
   */
  public void down() {
    locked(
        () -> {
          List<String> servers = Arrays.stream(Component.values()).map(Component::id).toList();
          stopAll(supervisor.names().stream().filter(name -> !servers.contains(name)).toList());
          stopAll(List.of(Component.FLINK.id(), Component.CONNECT.id(), Component.MLFLOW.id()));
          stopAll(servers);
          supervisor.stopOthers();
          return Optional.empty();
        });
  }

  /**
   * Passes when the ports of the components, and of what they need, are free or held by their own
   * processes; see {@link Supervisor#requireFree}.
   *
   * @param others ports that are to be free as well, by the name of the process
   */
  public void requireFree(Set<Component> components, Map<String, List<ListenPort>> others) {
    Map<String, List<ListenPort>> all = new HashMap<>(others);
    Startup.withNeeds(components)
        .forEach(component -> all.put(component.id(), server(component).listenPorts()));
    supervisor.requireFree(all);
  }

  /** Stops everything without waiting for order, for whoever throws the data away. */
  void discard() {
    supervisor.names().parallelStream()
        .forEach(
            name ->
                // PostgreSQL would leave shared memory behind.
                supervisor.stop(
                    name, name.equals(Component.POSTGRES.id()) ? STOP_PATIENCE : Duration.ZERO));
  }

  /** Stops everything and deletes data, logs and credentials. Downloads stay in the cache. */
  public void purge() {
    down();
    try {
      locked(
          () -> {
            Cache.delete(config.state().resolve("data"));
            Cache.delete(config.state().resolve("log"));
            return Files.deleteIfExists(endpointsFile());
          });
    } catch (IOException e) {
      throw new StackException("Could not delete all data: " + e.getMessage(), e);
    }
  }

  /** A row for each component, then for each other process of the supervisor. */
  public List<StatusRow> status() {
    Endpoints endpoints = endpoints();
    Stream<StatusRow> components =
        Arrays.stream(Component.values()).parallel().map(c -> row(c, endpoints));
    List<String> known = Arrays.stream(Component.values()).map(Component::id).toList();
    Stream<StatusRow> others =
        supervisor.names().stream().filter(name -> !known.contains(name)).map(this::row);
    return Stream.concat(components, others).toList();
  }

  /** The log file of a component or of another process, by name. */
  public Path log(String name) {
    return supervisor.log(name);
  }

  /** Addresses and credentials; makes the credentials on first use. */
  public Endpoints endpoints() {
    return Endpoints.of(config, Credentials.in(Credentials.file(config.state())));
  }

  /** The configuration it was made with. */
  public StackConfig config() {
    return config;
  }

  /**
   * Starts and stops further processes of this state folder, such as workers; {@link #down} stops
   * them too.
   */
  public Supervisor supervisor() {
    return supervisor;
  }

  /** Kills a component's process (SIGKILL), as a fault would. It is not started again. */
  public void kill9(Component component) {
    supervisor.kill(component.id());
  }

  /** Stops a component in order, if it runs, and starts it; returns once it is well. */
  public void restart(Component component) {
    locked(
        () -> {
          supervisor.stop(component.id(), STOP_PATIENCE);
          startup(ProgressListener.none()).only(component);
          return Optional.empty();
        });
  }

  /** What the servers keep is not for other users of this machine. */
  private void closeState(Set<Component> components) {
    try {
      boolean others =
          Startup.withNeeds(components).contains(Component.POSTGRES)
              && PostgresServer.runsAsAnother();
      PrivateFiles.folder(config.state(), others);
    } catch (IOException e) {
      throw new StackException(
          "Cannot make %s private (mode 0700): %s".formatted(config.state(), e.getMessage()), e);
    }
  }

  private Startup startup(ProgressListener listener) {
    return new Startup(this::server, supervisor, listener, preparations, endpoints());
  }

  private Server server(Component component) {
    return Servers.of(component, new Settings(config, endpoints()));
  }

  private void stopAll(List<String> names) {
    names.parallelStream().forEach(name -> supervisor.stop(name, STOP_PATIENCE));
  }

  private StatusRow row(Component component, Endpoints endpoints) {
    String address = Servers.address(component, endpoints);
    Optional<ManagedProcess> process = supervisor.find(component.id());
    boolean well = process.isPresent() && server(component).health().passes();
    return row(component.id(), address, process, well);
  }

  private StatusRow row(String name) {
    return row(name, "", supervisor.find(name), true);
  }

  private StatusRow row(
      String name, String address, Optional<ManagedProcess> process, boolean well) {
    return process
        .map(
            found ->
                new StatusRow(
                    name,
                    well ? StatusRow.State.HEALTHY : StatusRow.State.UNHEALTHY,
                    address,
                    found.id().pid(),
                    found.memoryBytes(),
                    found.log()))
        .orElseGet(() -> new StatusRow(name, StatusRow.State.STOPPED, address, 0, 0, log(name)));
  }

  private void writeEndpoints() {
    try {
      PrivateFiles.write(
          endpointsFile(),
          PrivateFiles.properties(
              "Written by the stack: where the servers are.", endpoints().toProperties()));
    } catch (IOException e) {
      throw new StackException("Cannot write " + endpointsFile() + ": " + e.getMessage(), e);
    }
  }

  private Path endpointsFile() {
    return config.state().resolve("endpoints.properties");
  }

  private <T, X extends Exception> T locked(FileLocks.Work<T, X> work) throws X {
    return FileLocks.holding(config.state().resolve("run/stack.lock"), PATIENCE, work);
  }
}
