package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Durability;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.PrivateFiles;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Cache;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.PostgresBinaries;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessId;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL 18, listening on the loopback address with password authentication, with logical
 * decoding on so that changes can be captured.
 */
public final class PostgresServer implements Server {
  private static final String DATABASE = "millrace";

  private final StackConfig config;
  private final Endpoints.Postgres postgres;

  /** Serves at the address of the settings. */
  public PostgresServer(Settings settings) {
    this.config = settings.config();
    this.postgres = settings.endpoints().postgres();
  }

  @Override
  public Component component() {
    return Component.POSTGRES;
  }

  @Override
  public void install() {
    PostgresBinaries.in(config.cache());
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.POSTGRES);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path binaries = PostgresBinaries.in(config.cache()).resolve("bin");
    Path data = config.data(Component.POSTGRES);
    Unprivileged unprivileged = Unprivileged.detect();
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise(binaries, data, unprivileged);
    }
    forgetUnreaped(data.resolve("postmaster.pid"));
    List<String> command =
        new ArrayList<>(
            unprivileged.command(
                List.of(binaries.resolve("postgres").toString(), "-D", data.toString())));
    settings()
        .forEach(
            (name, value) -> {
              command.add("-c");
              command.add(name + "=" + value);
            });
    return new ProcessSpec(
        component().id(),
        command,
        Map.of("LC_ALL", "C", "TZ", "UTC"),
        data,
        listenPorts(),
        health(),
        Duration.ofSeconds(90),
        Duration.ofSeconds(30),
        ProcessSpec.StopSignal.INT,
        null);
  }

  /** Whether it runs as another user, who must get at its data. */
  public static boolean runsAsAnother() throws IOException {
    return Unprivileged.detect().owner() != null;
  }

  /**
   * Makes the data folder under another name first, so that one cut short is never taken for whole.
   */
  private void initialise(Path binaries, Path data, Unprivileged unprivileged) throws IOException {
    Path draft = data.resolveSibling(data.getFileName() + ".new");
    Cache.delete(draft);
    Cache.delete(data);
    Files.createDirectories(draft.getParent());
    Path password =
        PrivateFiles.write(draft.resolveSibling("postgres.password"), postgres.password());
    unprivileged.own(password);
    try {
      List<String> command =
          new ArrayList<>(List.of(binaries.resolve("initdb").toString(), "-D", draft.toString()));
      command.addAll(List.of("-U", postgres.user(), "--pwfile", password.toString()));
      command.addAll(List.of("--auth", "scram-sha-256", "--encoding", "UTF8"));
      command.addAll(List.of("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"));
      command.addAll(List.of("--locale", "C"));
      if (config.durability() == Durability.RELAXED) {
        command.add("--no-sync");
      }
      unprivileged.makeFolder(draft);
      Commands.run(unprivileged.command(command), Map.of("LC_ALL", "C"), Duration.ofMinutes(2));
      Files.move(draft, data);
    } finally {
      Files.deleteIfExists(password);
    }
  }

  /**
   * A killed server stays in the process table until its parent asks for its end, which the first
   * process of a container may never do, and PostgreSQL takes it for a running one. One that is
   * gone it sees itself.
   */
  private static void forgetUnreaped(Path lockFile) throws IOException {
    if (!Files.exists(lockFile)) {
      return;
    }
    String pid = Files.readAllLines(lockFile).stream().findFirst().orElse("").strip();
    boolean listed = pid.matches("[0-9]+") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
    if (listed && ProcessId.of(Long.parseLong(pid)).isEmpty()) {
      Files.delete(lockFile);
    }
  }

  private Map<String, String> settings() {
    boolean durable = config.durability() == Durability.DURABLE;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", String.valueOf(config.port(Port.POSTGRES)));
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "100");
    settings.put("shared_buffers", durable ? "384MB" : "128MB");
    settings.put("effective_cache_size", "2GB");
    settings.put("maintenance_work_mem", "256MB");
    settings.put("work_mem", "32MB");
    settings.put("wal_level", "logical");
    settings.put("max_replication_slots", "8");
    settings.put("max_wal_senders", "8");
    settings.put("max_wal_size", "4GB");
    // A slot that nobody reads must not fill the disk: beyond this it is lost, and its reader told.
    settings.put("max_slot_wal_keep_size", "4GB");
    // Bulk loads fill the default of 12 MB faster than it is written, and wait for each other.
    settings.put("wal_buffers", "64MB");
    settings.put("checkpoint_timeout", "15min");
    settings.put("fsync", durable ? "on" : "off");
    // Even relaxed, what is committed survives a killed server: its log is with the system by then.
    settings.put("synchronous_commit", "on");
    settings.put("full_page_writes", durable ? "on" : "off");
    settings.put("random_page_cost", "1.1");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    return settings;
  }

  @Override
  public HealthCheck health() {
    return () -> new PostgresDatabases(postgres).ping();
  }

  @Override
  public void settle() throws SQLException {
    new PostgresDatabases(postgres).create(DATABASE);
  }
}
