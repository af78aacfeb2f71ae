package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.stack.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Python of the peers: an environment made once from {@code requirements.lock}, whose
 * distributions are pinned by version and checksum.
 */
public final class PeerPython {
  private final Path peers;
  private final Path work;
  private final Path python;

  private PeerPython(Path peers, Path work, Path python) {
    this.peers = peers;
    this.work = work;
    this.python = python;
  }

  public static PeerPython ready(Path peers, Path work) throws IOException, InterruptedException {
    return ready(peers, work, "requirements.lock");
  }

  /** An environment from another lock file. */
  public static PeerPython ready(Path peers, Path work, String lockName)
      throws IOException, InterruptedException {
    Files.createDirectories(work);
    Path lock = peers.resolve(lockName);
    Path venv =
        cache().resolve("bench-peers-" + Integer.toHexString(Files.readString(lock).hashCode()));
    Path done = venv.resolve("complete");
    Path python = venv.resolve("bin/python");
    if (!Files.exists(done)) {
      run(work, List.of("python3", "-m", "venv", venv.toString()));
      run(
          work,
          List.of(
              python.toString(),
              "-m",
              "pip",
              "install",
              "-q",
              "--no-deps",
              "--require-hashes",
              "--only-binary",
              ":all:",
              "-r",
              lock.toString()));
      Files.createFile(done);
    }
    return new PeerPython(peers, work, python);
  }

  private static Path cache() {
    String given = System.getenv("MILLRACE_CACHE");
    return given != null && !given.isBlank()
        ? Path.of(given)
        : Path.of(System.getProperty("user.home"), ".cache", "millrace");
  }

  /** The data file, written by the peers' generator if it is not there. */
  public Path tuneCsv() throws IOException, InterruptedException {
    Path data = work.resolve("data");
    run(
        peers,
        List.of(python.toString(), "datagen.py", "--dir", data.toString(), "--what", "tune"));
    return data.resolve("tune.csv");
  }

  /** Files of the peers' events, written by their generator if they are not there. */
  public Path events() throws IOException, InterruptedException {
    Path data = work.resolve("data");
    run(
        peers,
        List.of(python.toString(), "datagen.py", "--dir", data.toString(), "--what", "events"));
    return data.resolve("events");
  }

  /** The figures of the batch peers on a folder of events. */
  public JsonNode pandasEtl(Path events, int runs, Map<String, String> postgres)
      throws IOException, InterruptedException {
    String output =
        run(
            peers,
            List.of(
                python.toString(),
                "pandas_etl.py",
                "--events",
                events.toString(),
                "--out",
                work.resolve("pandas").toString(),
                "--runs",
                Integer.toString(runs)),
            postgres);
    return figures(output);
  }

  /** Ray Tune's figures, with worker processes reused, and those of two plain Python processes. */
  public JsonNode rayTune(Path data, int runs, int rounds)
      throws IOException, InterruptedException {
    String output =
        run(
            peers,
            List.of(
                python.toString(),
                "ray_tune.py",
                "--data",
                data.toString(),
                "--reuse",
                "--runs",
                Integer.toString(runs),
                "--rounds",
                Integer.toString(rounds),
                "--variants",
                "ray-fifo,ray-asha,pool2"));
    return figures(output);
  }

  /** Airflow's figures for the shapes of the engine bench, with its metadata in a PostgreSQL. */
  public JsonNode airflow(int fanout, int runs, Map<String, String> postgres)
      throws IOException, InterruptedException {
    String output =
        run(
            peers,
            List.of(
                python.toString(),
                "airflow_overhead.py",
                "--dir",
                work.resolve("airflow").toString(),
                "--fanout",
                Integer.toString(fanout),
                "--runs",
                Integer.toString(runs)),
            postgres);
    return figures(output);
  }

  /** The figures that one of the peers' scripts prints. */
  public JsonNode figures(String script, List<String> arguments)
      throws IOException, InterruptedException {
    return figures(script, arguments, Map.of());
  }

  /** The same with additions to its environment. */
  public JsonNode figures(String script, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    return figures(run(peers, command(script, arguments), environment));
  }

  /** The last line that is JSON. */
  private static JsonNode figures(String output) throws IOException {
    List<String> lines = output.lines().filter(line -> line.startsWith("{")).toList();
    if (lines.isEmpty()) {
      throw new IllegalStateException("The peer printed no figures");
    }
    return Figures.JSON.readTree(lines.get(lines.size() - 1));
  }

  /** How the peers are told where PostgreSQL is. */
  public static Map<String, String> libpq(Endpoints.Postgres postgres) {
    URI address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
    return Map.of(
        "PGHOST", address.getHost(),
        "PGPORT", Integer.toString(address.getPort()),
        "PGDATABASE", address.getPath().substring(1),
        "PGUSER", postgres.user(),
        "PGPASSWORD", postgres.password());
  }

  /** The command that runs one of the peers' scripts. */
  public List<String> command(String script, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python.toString()));
    command.add(peers.resolve(script).toString());
    command.addAll(arguments);
    return List.copyOf(command);
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    return run(folder, command, Map.of());
  }

  private static String run(Path folder, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    // Ray starts servers of its own: a bench that is interrupted takes them along.
    Thread atExit =
        new Thread(
            () -> {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
            });
    Runtime.getRuntime().addShutdownHook(atExit);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Runtime.getRuntime().removeShutdownHook(atExit);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " ended with " + process.exitValue());
    }
    return output;
  }
}
