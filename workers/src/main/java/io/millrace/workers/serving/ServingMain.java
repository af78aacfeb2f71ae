package io.millrace.workers.serving;

import io.millrace.workers.config.ConfigException;
import io.millrace.workers.config.ServingConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.worker.ReadyFile;
import io.millrace.workers.worker.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The serving process: answers until SIGTERM or Ctrl-C, and then what it has begun. */
public final class ServingMain {
  private static final Logger log = LoggerFactory.getLogger(ServingMain.class);

  private ServingMain() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    Path home = Path.of(environment.getOrDefault("MILLRACE_HOME", here.toString()));
    String data = environment.get("MILLRACE_DATA");
    try {
      run(data == null ? home.resolve(".millrace") : Path.of(data), here, environment);
    } catch (ConfigException e) {
      log.error("Serving cannot start: {}", e.getMessage());
      System.exit(2);
    } catch (IllegalStateException e) {
      log.error("Serving cannot start: {}", e.getMessage());
      System.exit(1);
    }
  }

  /** Runs until the JVM is asked to stop. */
  public static void run(Path dataDirectory, Path here, Map<String, String> environment)
      throws InterruptedException, IOException {
    Settings settings = Settings.load(dataDirectory, here, environment);
    try (StopSignal stop = StopSignal.install("serving-stop");
        Serving serving = start(settings)) {
      Optional<ReadyFile> ready = ReadyFile.askedFor(environment);
      if (ready.isPresent()) {
        ready.get().write();
      }
      log.info("Serving ready: {} pid={}", serving.url(), ProcessHandle.current().pid());
      stop.await();
      if (ready.isPresent()) {
        ready.get().remove();
      }
      log.info("Serving stops: requests in progress are answered");
    }
  }

  /** One that warms up first does so beside others that answer meanwhile: they go first. */
  private static Serving start(Settings settings) {
    ServingConfig config = ServingConfig.from(settings);
    return config.warmUp().isZero()
        ? Serving.start(settings)
        : LowPriority.during(config.warmUpProcessors(), () -> Serving.start(settings));
  }
}
