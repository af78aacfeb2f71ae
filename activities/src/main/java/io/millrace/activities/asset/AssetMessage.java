package io.millrace.activities.asset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.asset.AssetEvent;
import java.io.IOException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic: {@code {"asset": "prices", "partition": "2026-11-21", "extra": {…}}}, the
 * last two as wanted.
 */
record AssetMessage(@Nullable String asset, @Nullable String partition, @Nullable JsonNode extra) {
  private static final int MAX_NAME = 500;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A record that is no asset event; the message says why. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  /**
   * Reads a record. Its place in Kafka is the event's source.
   *
   * @throws Unreadable if it is not as above
   */
  static AssetEvent read(ConsumerRecord<byte[], byte[]> record) throws Unreadable {
    AssetMessage message = parse(record.value());
    String asset = message.asset();
    if (asset == null || asset.isBlank() || asset.length() > MAX_NAME) {
      throw new Unreadable("'asset' must be a name of 1 to %d characters".formatted(MAX_NAME));
    }
    if (message.partition() != null && message.partition().length() > MAX_NAME) {
      throw new Unreadable("'partition' must have at most %d characters".formatted(MAX_NAME));
    }
    try {
      return new AssetEvent(
          asset,
          message.partition(),
          "kafka:%s/%d/%d".formatted(record.topic(), record.partition(), record.offset()),
          Instant.ofEpochMilli(record.timestamp()),
          message.extra());
    } catch (IllegalArgumentException e) {
      throw new Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static AssetMessage parse(byte @Nullable [] value) throws Unreadable {
    if (value == null) {
      throw new Unreadable("the record has no value");
    }
    try {
      @Nullable AssetMessage message = MAPPER.readValue(value, AssetMessage.class);
      if (message == null) {
        throw new Unreadable("the value is null");
      }
      return message;
    } catch (JsonProcessingException e) {
      throw new Unreadable(e.getOriginalMessage());
    } catch (IOException e) {
      throw new Unreadable(String.valueOf(e.getMessage()));
    }
  }
}
