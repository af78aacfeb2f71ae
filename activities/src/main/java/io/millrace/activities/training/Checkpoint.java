package io.millrace.activities.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A training at some round: one line of JSON, then the booster's bytes.
 *
 * @param identity of what is being trained: data, parameters and seed. A checkpoint of anything
 *     else is not used
 * @param history metrics of all rounds so far; empty if none were measured
 * @param booster XGBoost's binary format
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Checkpoint(String identity, int rounds, List<RoundMetrics> history, byte[] booster) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Checkpoint {
    history = List.copyOf(history);
  }

  byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    header.put("identity", identity).put("rounds", rounds);
    header.put("sha256", ArtifactStore.sha256(booster));
    ArrayNode rows = header.putArray("history");
    for (RoundMetrics metrics : history) {
      rows.addArray()
          .add(metrics.round())
          .add(metrics.at())
          .add(metrics.logloss())
          .add(metrics.auc());
    }
    byte[] line = (header + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(line, line.length + booster.length);
    System.arraycopy(booster, 0, bytes, line.length, booster.length);
    return bytes;
  }

  /**
   * Reads a checkpoint of the given training; empty if it is of another or damaged, as starting
   * over gives the same model, only later.
   */
  static Optional<Checkpoint> read(byte[] bytes, String identity) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    try {
      JsonNode header = JSON.readTree(bytes, 0, end);
      byte[] booster = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
      if (header == null
          || !header.path("identity").asText().equals(identity)
          || !header.path("sha256").asText().equals(ArtifactStore.sha256(booster))) {
        return Optional.empty();
      }
      List<RoundMetrics> history = new ArrayList<>();
      for (JsonNode row : header.path("history")) {
        history.add(
            new RoundMetrics(
                row.get(0).asInt(),
                row.get(1).asLong(),
                row.get(2).asDouble(),
                row.get(3).asDouble()));
      }
      return Optional.of(new Checkpoint(identity, header.path("rounds").asInt(), history, booster));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
