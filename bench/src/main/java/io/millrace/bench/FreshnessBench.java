package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.streaming.Topics;
import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How long it takes from producing a raw event until its features can be read from Redis, with the
 * jobs validation, lake and features as the local stack runs them.
 *
 * <p>Usage: {@code FreshnessBench [--json FILE] [--rate 2000] [--seconds 60] [--warm-up 20] [--work
 * DIR]}. Every tenth event is watched. An event counts from the moment at which it was to be sent,
 * so that a slow producer cannot hide a slow stream, until a reader that asks every 5 ms sees it.
 * Flink's settings can be changed by its environment variables, such as {@code
 * FLINK_CHECKPOINT_INTERVAL=1s}.
 */
public final class FreshnessBench {
  private static final ObjectMapper JSON = new ObjectMapper();
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
    List<String> given = Arrays.asList(args);
    Path json = Path.of(value(given, "--json", "target/bench-freshness.json")).toAbsolutePath();
    Path work = Path.of(value(given, "--work", "target/bench-freshness")).toAbsolutePath();
    ObjectNode result =
        new FreshnessBench(
                Integer.parseInt(value(given, "--rate", "2000")),
                Integer.parseInt(value(given, "--seconds", "60")),
                Integer.parseInt(value(given, "--warm-up", "20")))
            .run(work);
    Files.createDirectories(json.getParent());
    Files.writeString(json, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result));
    System.out.println(result);
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private static String value(List<String> args, String name, String otherwise) {
    int at = args.indexOf(name);
    return at < 0 ? otherwise : args.get(at + 1);
  }

  private ObjectNode run(Path work) throws Exception {
    Files.createDirectories(work);
    Stack stack = new Stack(EtlBench.durable(work));
    try {
      stack.up(Set.of(Component.FLINK), ProgressListener.none());
      return measure(stack.endpoints());
    } finally {
      stack.purge();
    }
  }

  /** Against servers that run already, with the streaming jobs. */
  private ObjectNode measure(Endpoints at) throws Exception {
    ObjectNode result = JSON.createObjectNode();
    result.put("bench", "freshness").put("events_per_second", rate).put("seconds", seconds);
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("load_before", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    Topics.ensureExist(at.kafka().bootstrapServers(), PARTITIONS, List.of(Topics.RAW));
    try (FreshnessProbe probe = FreshnessProbe.start(at.redis().uri());
        KafkaProducer<String, byte[]> producer = producer(at)) {
      produce(producer, probe);
      List<Long> millis = probe.await();
      result.put("watched", millis.size()).put("lost", probe.outstanding());
      for (int percentile : List.of(50, 90, 99, 100)) {
        int index = (int) Math.ceil(millis.size() * percentile / 100.0) - 1;
        result.put("freshness_p%d_ms".formatted(percentile), millis.get(Math.max(0, index)));
      }
    }
    result.put("load_after", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return result;
  }

  private void produce(KafkaProducer<String, byte[]> producer, FreshnessProbe probe)
      throws Exception {
    SyntheticEvents events =
        new SyntheticEvents(11, Instant.parse("2019-10-01T00:00:00Z"), 3600 * rate);
    Future<?> last = null;
    long start = System.nanoTime();
    long number = 0;
    for (; number < (long) rate * (warmUp + seconds); number++) {
      long due = start + number * TimeUnit.SECONDS.toNanos(1) / rate;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      Event event = events.next();
      if (number >= (long) rate * warmUp && number % WATCHED_IN == 0) {
        probe.watch(event, due);
      }
      last =
          producer.send(
              new ProducerRecord<>(Topics.RAW, event.userSession(), RawEnvelope.of(event)));
    }
    producer.flush();
    if (last != null) {
      last.get();
    }
  }

  private static KafkaProducer<String, byte[]> producer(Endpoints at) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            at.kafka().bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            5),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
