package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.stack.process.Executables;
import io.millrace.stack.process.ProcessId;
import io.millrace.stack.process.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The life of a stack as {@code millrace up} and {@code down} lead it: durable, in a folder that
 * stays.
 */
class StackLifeIT {
  private static final Set<Component> TWO = Set.of(Component.POSTGRES, Component.REDIS);

  private Path home;
  private StackConfig config;
  private Stack stack;

  @BeforeEach
  void makeStack() throws IOException {
    home = Files.createTempDirectory(Files.createDirectories(Path.of("target/stacks")), "life-");
    config =
        new StackConfig(
            Homes.checkout(System.getenv()),
            home.resolve(".millrace"),
            io.millrace.stack.install.Cache.of(System.getenv()),
            StackConfig.forTests(home, S3Server.SEAWEEDFS, List.of()).ports(),
            S3Server.SEAWEEDFS,
            Durability.DURABLE,
            SearchAttribute.STANDARD);
    stack = new Stack(config);
  }

  @AfterEach
  void purge() throws IOException {
    stack.purge();
    io.millrace.stack.install.Cache.delete(home);
  }

  @Test
  void upKeepsDownStopsAndPurgeDeletes() throws Exception {
    stack.up(TWO, ProgressListener.none());
    assertThat(query("show fsync")).isEqualTo("on");
    assertThat(query("show synchronous_commit")).isEqualTo("on");
    execute("create table kept as select 7 as answer");
    List<ProcessId> processes = processes();

    stack.down();

    assertThat(processes).hasSize(2).noneMatch(ProcessId::isAlive);
    stack.up(TWO, ProgressListener.none());
    assertThat(query("select answer from kept")).isEqualTo("7");
    Path endpoints = config.state().resolve("endpoints.properties");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(endpoints)))
        .isEqualTo("rw-------");

    stack.purge();

    assertThat(processes()).isEmpty();
    assertThat(config.state().resolve("data")).doesNotExist();
    assertThat(endpoints).doesNotExist();
  }

  @Test
  void adoptsWhatAKilledStarterLeftAndReplacesWhatWasKilled() throws Exception {
    Process starter = startInAnotherJvm();
    Supervisor supervisor = stack.supervisor();
    Awaitility.await()
        .until(
            () -> supervisor.find("postgres").isPresent() && supervisor.find("redis").isPresent());
    starter.destroyForcibly().waitFor();
    List<ProcessId> left = processes();

    stack.up(TWO, ProgressListener.none());

    assertThat(processes()).isEqualTo(left);
    assertThat(query("select 1")).isEqualTo("1");

    stack.kill9(Component.POSTGRES);
    CompletableFuture<?> one =
        CompletableFuture.runAsync(() -> new Stack(config).up(TWO, ProgressListener.none()));
    CompletableFuture<?> two =
        CompletableFuture.runAsync(() -> new Stack(config).up(TWO, ProgressListener.none()));
    CompletableFuture.allOf(one, two).join();

    assertThat(processes()).hasSize(2).isNotEqualTo(left).contains(left.get(1));
    assertThat(query("select 1")).isEqualTo("1");
  }

  @Test
  void namesATakenPortBeforeAnythingIsStarted() throws IOException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port(Port.REDIS)));
      List<Component> told = new CopyOnWriteArrayList<>();

      assertThatThrownBy(() -> stack.up(TWO, (component, phase, time, why) -> told.add(component)))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + config.port(Port.REDIS) + " (redis) is taken by")
          .hasMessageContaining("MILLRACE_REDIS_PORT");

      assertThat(told).isEmpty();
      assertThat(stack.supervisor().names()).isEmpty();
    }
  }

  /** Starts the two like {@code millrace up} does, in a JVM that the test can kill. */
  public static final class Starter {
    private Starter() {}

    /** Arguments: the state folder, then NAME=NUMBER for each port. */
    public static void main(String[] arguments) throws InterruptedException {
      Map<Port, Integer> ports =
          Arrays.stream(arguments)
              .skip(1)
              .map(argument -> argument.split("="))
              .collect(Collectors.toMap(a -> Port.valueOf(a[0]), a -> Integer.valueOf(a[1])));
      StackConfig config =
          new StackConfig(
              Homes.checkout(System.getenv()),
              Path.of(arguments[0]),
              io.millrace.stack.install.Cache.of(System.getenv()),
              ports,
              S3Server.SEAWEEDFS,
              Durability.DURABLE,
              SearchAttribute.STANDARD);
      new Stack(config).up(TWO, ProgressListener.none());
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }

  private Process startInAnotherJvm() throws IOException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Executables.java().toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(Starter.class.getName());
    command.add(config.state().toString());
    config.ports().forEach((port, number) -> command.add(port + "=" + number));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private List<ProcessId> processes() {
    return TWO.stream()
        .sorted()
        .flatMap(component -> stack.supervisor().find(component.id()).stream())
        .map(process -> process.id())
        .toList();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private Connection connect() throws SQLException {
    Endpoints.Postgres postgres = stack.endpoints().postgres();
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }
}
