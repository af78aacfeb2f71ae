package io.millrace.flink.validation;

import io.millrace.core.events.EventReader;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.UnavailableValue;
import io.millrace.core.events.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns each message into exactly one output message, whatever its bytes.
 *
 * <p>Of an unreadable message longer than {@value EventReader#MAX_BYTES} bytes only the first
 * {@value #KEPT_BYTES} go on, with a note of where the whole stands: its envelope could otherwise
 * outgrow what a topic takes. The note has the whole's length and SHA-256, too.
 */
final class ValidateEvent extends RichMapFunction<RawMessage, ValidationResult> {
  static final int KEPT_BYTES = 1 << 16;

  private static final long serialVersionUID = 1L;
  private static final byte[] NOTHING = {};

  private final Duration lateness;
  private final String unavailable;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient EventReader reader;

  @SuppressWarnings("NullAway.Init")
  private transient EventOrder order;

  @SuppressWarnings("NullAway.Init")
  private transient VerdictCounters counters;

  /**
   * A judge of messages.
   *
   * @param unavailable Debezium's placeholder for a value that it does not know
   */
  ValidateEvent(Duration lateness, String unavailable) {
    this.lateness = lateness;
    this.unavailable = unavailable;
  }

  @Override
  public void open(OpenContext context) {
    reader = new EventReader(UnavailableValue.of(unavailable));
    counters = new VerdictCounters(getRuntimeContext().getMetricGroup());
    order = new EventOrder(lateness, getRuntimeContext().getMetricGroup());
  }

  @Override
  public ValidationResult map(RawMessage message) {
    Verdict verdict = reader.read(message.value());
    counters.count(verdict);
    Instant now = Instant.now();
    if (verdict instanceof Verdict.Valid valid) {
      order.observe(message.topic(), message.partition(), valid.event().eventTime(), now);
    }
    return envelope(message, verdict, now);
  }

  static ValidationResult envelope(RawMessage message, Verdict verdict, Instant now) {
    byte[] value = message.value() == null ? NOTHING : message.value();
    try {
      if (verdict instanceof Verdict.Valid valid) {
        byte[] key = valid.event().userSession().getBytes(StandardCharsets.UTF_8);
        return new ValidationResult(true, key, OutputEnvelope.valid(value, now), null);
      }
      if (value.length <= EventReader.MAX_BYTES) {
        return invalid(message, value, verdict, now);
      }
    } catch (RuntimeException e) {
      // One message must not stop the others, not even through a fault of ours.
      String error = "Processing error: " + e.getClass().getSimpleName() + ": " + e.getMessage();
      return invalid(message, beginning(value), new Verdict.Unreadable(error), now);
    }
    return invalid(message, beginning(value), withPlace(verdict, message, value), now);
  }

  private static ValidationResult invalid(
      RawMessage message, byte[] value, Verdict verdict, Instant now) {
    return new ValidationResult(
        false, key(message.key()), OutputEnvelope.invalid(value, verdict, now), message.topic());
  }

  private static byte @Nullable [] key(byte @Nullable [] key) {
    return key == null || key.length > EventReader.MAX_BYTES ? null : key;
  }

  private static Verdict withPlace(Verdict verdict, RawMessage message, byte[] value) {
    String reason =
        verdict instanceof Verdict.Unreadable unreadable
            ? unreadable.errorMessage()
            : "Processing error: message is too long";
    return new Verdict.Unreadable(
        "%s; raw_data holds the first %d, the whole is %s partition %d offset %d, SHA-256 %s"
            .formatted(
                reason,
                KEPT_BYTES,
                message.topic(),
                message.partition(),
                message.offset(),
                sha256(value)));
  }

  private static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256", e);
    }
  }

  /** At most {@value #KEPT_BYTES} bytes, cut between two characters of UTF-8. */
  private static byte[] beginning(byte[] value) {
    if (value.length <= KEPT_BYTES) {
      return value;
    }
    int end = KEPT_BYTES;
    while (end > KEPT_BYTES - 4 && (value[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(value, end);
  }
}
