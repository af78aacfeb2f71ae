package io.millrace.engine.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results of pure activities in the blob store, compressed and encrypted like payloads, each with
 * its checksum and the instant at which it expires.
 */
public final class MemoStore {

  /** Of the keys of all results kept. */
  static final String PREFIX = "memo/";

  private static final String ENCODING = "binary/millrace-memo";
  private static final String EXPIRES = "millrace-expires";
  private static final int CHECKSUM = 64;

  /** Writes equal values equally: the order of fields and of map entries does not matter. */
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .addModules(new JavaTimeModule(), new Jdk8Module())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private final BlobStore store;
  private final PayloadCodec sealing;
  private final int maxSize;
  private final Clock clock;

  /** Keeps results in a store; the options' encryption and compression apply. */
  public MemoStore(BlobStore store, PayloadOptions options) {
    this(store, options, Clock.systemUTC());
  }

  MemoStore(BlobStore store, PayloadOptions options, Clock clock) {
    this.store = store;
    this.sealing = DagPayloads.sealing(options);
    this.maxSize = options.maxSize();
    this.clock = clock;
  }

  /** The id of a result: a hash of what it depends on. */
  static String id(String memoKey, String activityType, @Nullable Object[] args) {
    try {
      return Digest.sha256(
          "%s\n%s\n%s"
              .formatted(memoKey, activityType, CANONICAL.writeValueAsString(args))
              .getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The arguments of %s are no JSON: %s".formatted(activityType, e.getOriginalMessage()), e);
    }
  }

  /**
   * Finds a result that is kept and has not expired.
   *
   * @throws UnreadablePayloadException if it is damaged
   */
  Optional<Payload> find(String id) {
    Optional<byte[]> blob = store.get(PREFIX + id);
    if (blob.isEmpty()) {
      return Optional.empty();
    }
    Payload entry = unseal(id, blob.get());
    if (!Envelope.is(entry, ENCODING)) {
      throw new UnreadablePayloadException("Blob %s%s is no memo".formatted(PREFIX, id));
    }
    Instant expires = Instant.ofEpochMilli(Long.parseLong(Envelope.field(entry, EXPIRES)));
    return clock.instant().isBefore(expires)
        ? Optional.of(Envelope.open(entry.getData().toByteArray(), "memoised"))
        : Optional.empty();
  }

  /** Keeps a result, in place of an earlier one, unless it is so large that its task fails. */
  void keep(String id, Payload result, Instant expires) {
    if (result.getData().size() > maxSize) {
      return;
    }
    Payload entry =
        Envelope.of(
            ENCODING,
            Map.of(EXPIRES, Long.toString(expires.toEpochMilli())),
            result.toByteString());
    byte[] sealed = sealing.encode(List.of(entry)).get(0).toByteArray();
    ByteString checksum = ByteString.copyFromUtf8(Digest.sha256(sealed));
    store.put(PREFIX + id, checksum.concat(ByteString.copyFrom(sealed)).toByteArray());
  }

  Instant now() {
    return clock.instant();
  }

  private Payload unseal(String id, byte[] blob) {
    int length = Math.min(CHECKSUM, blob.length);
    String expected = new String(blob, 0, length, StandardCharsets.UTF_8);
    byte[] sealed = Arrays.copyOfRange(blob, length, blob.length);
    String actual = Digest.sha256(sealed);
    if (!actual.equals(expected)) {
      throw new UnreadablePayloadException(
          "Memo %s%s in %s is damaged: sha256 %s expected, %s found"
              .formatted(PREFIX, id, store.name(), expected, actual));
    }
    return sealing.decode(List.of(Envelope.open(sealed, "memoised"))).get(0);
  }
}
