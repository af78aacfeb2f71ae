package io.millrace.workers.local;

import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.core.registry.RegistryException;
import io.millrace.stack.StackException;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.JavaModule;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ManagedProcess;
import io.millrace.stack.process.ProcessSpec;
import io.millrace.stack.process.Supervisor;
import io.millrace.workers.config.Settings;
import io.millrace.workers.serving.RegistryModels;
import io.millrace.workers.serving.ServingMain;
import io.millrace.workers.worker.ReadyFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Serving on this machine: one process at the port that clients know, or several at the ports
 * behind it and a proxy in front.
 *
 * @param home the checkout
 * @param dataDirectory the {@code .millrace} folder, whose endpoints it reads
 * @param workingDirectory where {@code millrace.properties} may lie
 * @param port the one that clients know
 */
public record ServingProcesses(Path home, Path dataDirectory, Path workingDirectory, int port) {
  /** What the names of the processes begin with. */
  public static final String NAME = "serving";

  private static final String PROXY = NAME + "-proxy";

  /** Waiting for its models and warming up may each take as long. */
  private static final Duration WARM_UP = Duration.ofMinutes(1);

  /** The same of one that shares a few processors with those that answer meanwhile. */
  private static final Duration WARM_UP_BESIDE = Duration.ofMinutes(3);

  private static final Duration START = Duration.ofMinutes(3);

  private static final Duration STOP = Duration.ofSeconds(30);

  /** How long a new replica and the one that it replaces both answer. */
  public static final Duration OVERLAP = Duration.ofSeconds(20);

  private static final Duration ANSWER = Duration.ofSeconds(2);

  /**
   * The heap of a server. What a request allocates is garbage when it is answered: with more than
   * half of the heap for it, hardly anything is copied or gets old. With the JVM's own third, 32
   * clients that read features had a p99 of up to 60 ms, with this 21 ms (docs/benchmarks.md).
   */
  public static final List<String> HEAP = List.of("-Xmx768m", "-Xmn448m", "-XX:+UseSerialGC");

  private static final List<String> JVM =
      Stream.concat(
              HEAP.stream(),
              Stream.of(
                  "-XX:+ExitOnOutOfMemoryError", "-Dlogback.configurationFile=logback-serving.xml"))
          .toList();

  /**
   * Starts what does not run, stops replicas beyond the wanted number, and leaves alone the rest.
   */
  public void start(Supervisor supervisor, int replicas) {
    stopOthers(supervisor, replicas);
    for (int replica = 1; replica <= replicas; replica++) {
      supervisor.start(replica(replica, replicas));
    }
    if (replicas > 1) {
      supervisor.start(proxy(replicas));
    }
  }

  /** The ports that they listen on, by the name of the process. */
  Map<String, List<ListenPort>> ports(int replicas) {
    Map<String, List<ListenPort>> ports = new HashMap<>();
    for (int replica = 1; replica <= replicas; replica++) {
      ports.put(name(replica), List.of(new ListenPort(NAME, port(replica, replicas))));
    }
    if (replicas > 1) {
      ports.put(PROXY, List.of(new ListenPort(NAME, port)));
    }
    return ports;
  }

  /**
   * Starts the replicas anew, one after the other: a new process beside the one that it replaces,
   * which answers until the new one has warmed up and listens on the same port, and a while beside
   * it. Their number never falls.
   *
   * @param together how long both answer, so that the new one meets real requests bit by bit; and
   *     then it alone, before the next one is replaced
   * @param step is given each replica's name and what is to be done with it, and must do it
   * @return how many there are
   * @throws StackException if the model registry does not answer, before anything is stopped; or if
   *     a new replica does not come up, and then the one that it was for and those after it run on;
   *     or if one ends soon after it took over, and then those after it run on
   */
  public int restart(Supervisor supervisor, Duration together, BiConsumer<String, Runnable> step) {
    int replicas = running(supervisor);
    if (replicas > 0) {
      requireRegistry();
    }
    for (int number = 1; number <= replicas; number++) {
      if (number > 1) {
        settle(together);
        requireAlive(supervisor, name(number - 1));
      }
      int replica = number;
      step.accept(name(replica), () -> replace(supervisor, replica, replicas, together));
    }
    return replicas;
  }

  /** What ends soon after its start is not given to the next replica. */
  private static void requireAlive(Supervisor supervisor, String name) {
    if (supervisor.find(name).isEmpty()) {
      throw new StackException(
          "%s has ended since it took over: the replicas after it were not restarted. Log: %s"
              .formatted(name, supervisor.log(name)));
    }
  }

  /** One that took over a moment ago wants the processors that the next one would start on. */
  private static void settle(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted: the replicas after this one were not restarted", e);
    }
  }

  private void replace(Supervisor supervisor, int replica, int replicas, Duration together) {
    ReadyFile ready = ReadyFile.in(dataDirectory, name(replica));
    try {
      ready.clear(); // what the old one wrote
    } catch (IOException e) {
      throw new StackException("Cannot delete " + ready.path() + ": " + e.getMessage(), e);
    }
    ManagedProcess unused = supervisor.replace(beside(replica, replicas), ready::check, together);
  }

  /** A replica without it comes up without its models, or not at all. */
  private void requireRegistry() {
    Settings settings = Settings.load(dataDirectory, workingDirectory, System.getenv());
    try {
      var unused = new MlflowRegistry(RegistryModels.mlflow(settings)).models();
    } catch (RegistryException e) {
      throw new StackException(
          "Nothing was restarted: the replicas would find no models. " + e.getMessage(), e);
    }
  }

  /** Where clients find it. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How many replicas run. */
  public int running(Supervisor supervisor) {
    return (int) supervisor.names().stream().filter(name -> name.matches(NAME + "-[0-9]+")).count();
  }

  private void stopOthers(Supervisor supervisor, int replicas) {
    List<String> wanted = new ArrayList<>();
    for (int replica = 1; replica <= replicas; replica++) {
      wanted.add(name(replica));
    }
    if (replicas > 1) {
      wanted.add(PROXY);
    } else if (supervisor.find(PROXY).isPresent()) {
      wanted.clear(); // the first replica listens behind the proxy: it moves to the port itself
    }
    supervisor.names().stream()
        .filter(name -> name.startsWith(NAME + "-") && !wanted.contains(name))
        .forEach(name -> supervisor.stop(name, STOP));
  }

  private static String name(int replica) {
    return NAME + "-" + replica;
  }

  private int port(int replica, int replicas) {
    return replicas == 1 ? port : port + replica;
  }

  private ProcessSpec replica(int replica, int replicas) {
    return replica(replica, replicas, WARM_UP, JVM, Map.of());
  }

  /** One that warms up while others answer, and leaves most processors to them alone. */
  private ProcessSpec beside(int replica, int replicas) {
    int processors = Runtime.getRuntime().availableProcessors();
    List<String> jvm = new ArrayList<>(JVM);
    jvm.add("-XX:ActiveProcessorCount=" + processors);
    String few = Integer.toString(Math.max(1, processors / 4));
    return replica(
        replica, replicas, WARM_UP_BESIDE, jvm, Map.of("SERVING_WARM_UP_PROCESSORS", few));
  }

  private ProcessSpec replica(
      int replica, int replicas, Duration warmUp, List<String> jvm, Map<String, String> more) {
    JavaModule module = new JavaModule(home, "workers");
    module.requireBuilt();
    int own = port(replica, replicas);
    Map<String, String> variables = new HashMap<>(module.environment());
    variables.put("MILLRACE_HOME", home.toString());
    variables.put("MILLRACE_DATA", dataDirectory.toString());
    variables.put("SERVING_PORT", Integer.toString(own));
    variables.put("SERVING_SHARE_PORT", "on");
    variables.put(ReadyFile.VARIABLE, ReadyFile.in(dataDirectory, name(replica)).path().toString());
    if (replicas > 1) {
      // A cold replica would be slower than the load that it gets at once.
      variables.put("SERVING_WARM_UP", warmUp.toSeconds() + "s");
      variables.putAll(more);
    }
    return new ProcessSpec(
            name(replica),
            module.command(jvm, ServingMain.class.getName(), List.of()),
            variables,
            workingDirectory,
            List.of(new ListenPort(NAME, own)),
            answers("http://127.0.0.1:" + own + "/health/live"),
            warmUp.multipliedBy(3),
            STOP)
        .with(module.archive(NAME));
  }

  private ProcessSpec proxy(int replicas) {
    List<Integer> ports = new ArrayList<>();
    for (int replica = 1; replica <= replicas; replica++) {
      ports.add(port(replica, replicas));
    }
    Path folder = dataDirectory.resolve("data").resolve(PROXY);
    Nginx nginx = new Nginx(folder, port, ports);
    return new ProcessSpec(
        PROXY,
        nginx.command(),
        Map.of(),
        folder,
        List.of(new ListenPort(NAME, port)),
        answers("http://127.0.0.1:" + port + "/health/live"),
        START,
        STOP);
  }

  private static HealthCheck answers(String url) {
    return () -> {
      HttpResponse<Void> answer =
          HttpClient.newBuilder()
              .connectTimeout(ANSWER)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).build(),
                  HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() != 200) {
        throw new IOException(url + " answers " + answer.statusCode());
      }
    };
  }
}
