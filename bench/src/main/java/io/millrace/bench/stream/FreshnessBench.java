package io.millrace.bench.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.features.Freshness;
import io.millrace.activities.features.FreshnessRun;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.BenchServers;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How long it takes from producing a raw event until its features can be read from Redis, with the
 * jobs validation, lake and features as the local stack runs them.
 *
 * <p>Usage: {@code FreshnessBench [--json FILE] [--rate 2000] [--seconds 60] [--warm-up 20] [--work
 * DIR]}. Every tenth event is watched, as {@link FreshnessRun} says. Flink's settings can be
 * changed by its environment variables, such as {@code FLINK_CHECKPOINT_INTERVAL=1s}.
 */
public final class FreshnessBench {
  private static final int WATCHED_IN = 10;
  private static final int PARTITIONS = 4;

  private final int rate;
  private final int seconds;
  private final int warmUp;

  private FreshnessBench(int rate, int seconds, int warmUp) {
    this.rate = rate;
    this.seconds = seconds;
    this.warmUp = warmUp;
  }

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Path work = Path.of(given.value("--work", "target/bench-freshness")).toAbsolutePath();
    ObjectNode result =
        new FreshnessBench(
                given.number("--rate", 2000),
                given.number("--seconds", 60),
                given.number("--warm-up", 20))
            .run(work);
    Figures.write(result, Path.of(given.value("--json", "target/bench-freshness.json")));
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private ObjectNode run(Path work) throws Exception {
    Files.createDirectories(work);
    Stack stack = new Stack(BenchServers.durable(work));
    try {
      stack.up(Set.of(Component.FLINK), ProgressListener.none());
      return measure(stack.endpoints());
    } finally {
      stack.purge();
    }
  }

  /** Against servers that run already, with the streaming jobs. */
  private ObjectNode measure(Endpoints at) throws Exception {
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "freshness").put("events_per_second", rate).put("seconds", seconds);
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("load_before", Figures.load());
    Topics.ensureExist(at.kafka().bootstrapServers(), PARTITIONS, List.of(Topics.RAW));
    SyntheticEvents events =
        new SyntheticEvents(11, Instant.parse("2019-10-01T00:00:00Z"), 3600 * rate);
    Freshness freshness =
        new FreshnessRun(at.kafka().bootstrapServers(), at.redis().uri(), rate, WATCHED_IN)
            .send(events, (long) rate * warmUp, (long) rate * (warmUp + seconds), sent -> {});
    result.put("watched", freshness.millis().size()).put("lost", freshness.lost());
    for (int percentile : List.of(50, 90, 99, 100)) {
      result.put("freshness_p%d_ms".formatted(percentile), freshness.percentile(percentile));
    }
    result.put("load_after", Figures.load());
    return result;
  }
}
