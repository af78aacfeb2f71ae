package io.millrace.bench.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.Figures;
import io.millrace.core.events.Event;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Size and time of the feature job's checkpoints once it remembers so many sessions. */
final class StreamState {
  private static final int PARTITIONS = 4;
  private static final String READY = "model.features.ready";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private StreamState() {}

  static ObjectNode measure(Path home, Path work, int keys) throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.KAFKA, Component.S3, Component.REDIS)) {
      StreamServers servers = new StreamServers(stack.endpoints());
      servers.topic(Topics.VALIDATED, PARTITIONS);
      servers.topic(READY, PARTITIONS);
      produce(servers.bootstrapServers(), keys);
      int port = servers.freePort();
      Process job = new StreamSide(stack.endpoints(), home, work).millrace("features", 2, port);
      try {
        WrittenMessages ready =
            WrittenMessages.await(servers.bootstrapServers(), List.of(READY), keys, job);
        JsonNode checkpoint = nextCheckpoint(port);
        return Figures.JSON
            .createObjectNode()
            .put("keys", keys)
            .put("features_events_per_second", Math.round(ready.perSecond()))
            .put("checkpoint_bytes", checkpoint.path("state_size").asLong())
            .put("checkpoint_ms", checkpoint.path("end_to_end_duration").asLong());
      } finally {
        job.destroyForcibly().waitFor();
      }
    }
  }

  /** One event in each session. */
  private static void produce(String bootstrapServers, int keys) throws Exception {
    SyntheticEvents events =
        new SyntheticEvents(5, Instant.parse("2019-10-01T00:00:00Z"), 1_000_000);
    try (KafkaProducer<String, byte[]> producer = StreamServers.producer(bootstrapServers, 20)) {
      Future<?> last = CompletableFuture.completedFuture(null);
      for (int key = 0; key < keys; key++) {
        Event next = events.next();
        Event event = StreamServers.event(next, next.userId(), "session-" + key);
        byte[] message = OutputEnvelope.valid(RawEnvelope.of(event), Instant.now());
        last = producer.send(new ProducerRecord<>(Topics.VALIDATED, event.userSession(), message));
      }
      last.get();
    }
  }

  /** The first checkpoint that began after everything was in. */
  private static JsonNode nextCheckpoint(int port) throws Exception {
    String rest = "http://127.0.0.1:" + port;
    String job = get(rest + "/jobs/overview").path("jobs").path(0).path("jid").asText();
    String checkpoints = rest + "/jobs/" + job + "/checkpoints";
    long now = System.currentTimeMillis();
    while (true) {
      JsonNode latest = get(checkpoints).path("latest").path("completed");
      if (latest.path("trigger_timestamp").asLong() > now) {
        return latest;
      }
      Thread.sleep(200);
    }
  }

  private static JsonNode get(String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(TIMEOUT).build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return Figures.JSON.readTree(response.body());
  }
}
