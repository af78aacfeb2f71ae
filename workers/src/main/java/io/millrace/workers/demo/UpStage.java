package io.millrace.workers.demo;

import io.millrace.stack.Component;
import io.millrace.stack.ProgressListener.Phase;
import io.millrace.workers.local.Downloads;
import io.millrace.workers.local.LocalMillrace;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Starts the servers, the schema and a worker. */
final class UpStage implements Stage {
  private final LocalMillrace local;

  UpStage(LocalMillrace local) {
    this.local = local;
  }

  @Override
  public String name() {
    return "up";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(20);
  }

  @Override
  public String lookAt() {
    return "millrace status, millrace logs NAME";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) {
    Map<String, Phase> phases = new TreeMap<>();
    local.up(
        EnumSet.allOf(Component.class), // with Kafka Connect
        1,
        (name, phase, elapsed, detail) -> {
          synchronized (phases) {
            phases.put(name, phase);
            progress.accept(words(phases));
          }
        });
    run.connect(local.stack().endpoints());
    return phases.size() + " parts ready";
  }

  private static String words(Map<String, Phase> phases) {
    String waiting =
        phases.entrySet().stream()
            .filter(entry -> entry.getValue() != Phase.HEALTHY)
            .map(
                entry ->
                    entry.getValue() == Phase.INSTALLING
                        ? entry.getKey() + " (" + Downloads.installing(entry.getKey()) + ")"
                        : entry.getKey())
            .collect(Collectors.joining(", "));
    long ready = phases.values().stream().filter(phase -> phase == Phase.HEALTHY).count();
    return waiting.isEmpty() ? ready + " ready" : ready + " ready; waiting for " + waiting;
  }
}
