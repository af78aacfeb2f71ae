package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.context.ActivitySerializationContext;
import io.temporal.payload.context.SerializationContext;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts large payloads into the blob store and a reference to them into the history.
 *
 * <p>A blob's key is the day it was written (UTC) and the SHA-256 of its content, so that the same
 * content written again on the same day is the same blob.
 */
final class ClaimCheck extends EachPayload {

  static final String ENCODING = "binary/millrace-claim";

  /** Of the keys of all blobs that histories refer to. */
  static final String PREFIX = "payloads/";

  private static final String KEY = "millrace-key";
  private static final String SHA256 = "millrace-sha256";
  private static final String SIZE = "millrace-size";
  private static final Pattern KEY_FORM =
      Pattern.compile(PREFIX + "[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9a-f]{64}");

  private final BlobStore store;
  private final int above;
  private final int aboveInWorkflow;
  private final Clock clock;
  private final BlobCache cache;

  ClaimCheck(BlobStore store, PayloadOptions options, Clock clock) {
    this(
        store,
        options.storeAbove(),
        options.storeAboveInWorkflow(),
        clock,
        new BlobCache(32 << 20));
  }

  private ClaimCheck(
      BlobStore store, int above, int aboveInWorkflow, Clock clock, BlobCache cache) {
    this.store = store;
    this.above = above;
    this.aboveInWorkflow = aboveInWorkflow;
    this.clock = clock;
    this.cache = cache;
  }

  /** What local activities return travels in one message, many at a time. */
  @Override
  public PayloadCodec withContext(SerializationContext where) {
    if (where instanceof ActivitySerializationContext activity && activity.isLocal()) {
      int most = PayloadLimits.LOCAL_RESULT;
      return new ClaimCheck(
          store, Math.min(above, most), Math.min(aboveInWorkflow, most), clock, cache);
    }
    return this;
  }

  @Override
  Payload encode(Payload payload) {
    int limit = WorkflowUnsafe.isWorkflowThread() ? aboveInWorkflow : above;
    if (payload.getSerializedSize() <= limit) {
      return payload;
    }
    byte[] bytes = payload.toByteArray();
    String sha256 = Digest.sha256(bytes);
    String key = PREFIX + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + "/" + sha256;
    store.put(key, bytes);
    cache.add(key, bytes);
    return Envelope.of(
        ENCODING,
        Map.of(KEY, key, SHA256, sha256, SIZE, Integer.toString(bytes.length)),
        // For people who see the history without a codec server.
        ByteString.copyFromUtf8("%s/%s".formatted(store.name(), key)));
  }

  @Override
  Payload decode(Payload payload) {
    if (!Envelope.is(payload, ENCODING)) {
      return payload;
    }
    Envelope.requireKnownVersion(payload);
    String key = Envelope.field(payload, KEY);
    String sha256 = Envelope.field(payload, SHA256);
    if (!KEY_FORM.matcher(key).matches() || !key.endsWith(sha256)) {
      throw new UnreadablePayloadException(
          "A payload refers to blob '%s', which is no key of a payload with sha256 %s"
              .formatted(key, sha256));
    }
    return Envelope.open(read(key, sha256, Envelope.field(payload, SIZE)), "stored");
  }

  private byte[] read(String key, String sha256, String size) {
    byte[] cached = cache.find(key).orElse(null);
    if (cached != null) {
      return cached;
    }
    byte[] bytes =
        store
            .get(key)
            .orElseThrow(
                () ->
                    new UnreadablePayloadException(
                        ("Blob %s (%s bytes, sha256 %s) is not in %s. Was it deleted before its"
                                + " history (payloads.retention), or does this worker use another"
                                + " bucket than the one that wrote it (payloads.bucket)? Restore"
                                + " it, or start the run again.")
                            .formatted(key, size, sha256, store.name())));
    String actual = Digest.sha256(bytes);
    if (!actual.equals(sha256)) {
      throw new UnreadablePayloadException(
          ("Blob %s in %s is damaged: %s bytes with sha256 %s expected, %d bytes with sha256 %s"
                  + " found. Restore it from a backup, or start the run again.")
              .formatted(key, store.name(), size, sha256, bytes.length, actual));
    }
    cache.add(key, bytes);
    return bytes;
  }
}
