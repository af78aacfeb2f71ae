package io.millrace.flink.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.core.features.FeatureMessage;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.features.SessionActivity;
import io.millrace.flink.RefusedMessage;
import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A validated message, read once: what is needed to count its event, and what is passed on; or a
 * message that features cannot be made of, of which only the places and {@code message} count.
 *
 * @param refused whether it is the latter
 * @param partition of the validated message
 * @param offset of the validated message
 * @param session the event's session, by which events are brought together
 * @param online its online row behind the version, see {@link
 *     io.millrace.core.features.OnlineRow#body}
 * @param message its message for {@code model.features.ready}, or for {@code
 *     model.features.invalid}
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record SessionEvent(
    boolean refused,
    int partition,
    long offset,
    String session,
    long timeMicros,
    long idHigh,
    long idLow,
    long userId,
    long productId,
    String online,
    byte[] message) {
  private static final int MAX_KEY = 255;

  /**
   * Reads a validated message; never throws, whatever its bytes.
   *
   * @param reader of validated messages
   * @param now when the message is processed
   */
  public static SessionEvent read(
      EventReader reader, ConsumerRecord<byte[], byte[]> validated, Instant now) {
    try {
      Verdict verdict = reader.read(validated.value());
      if (verdict instanceof Verdict.Valid valid) {
        return of(validated, valid.event(), reader.eventTimeText(), now);
      }
      return refused(validated, reason(verdict), now);
    } catch (RuntimeException e) {
      // One message must not stop the others, not even through a fault of ours.
      return refused(validated, e.getClass().getSimpleName() + ": " + e.getMessage(), now);
    }
  }

  private static String reason(Verdict verdict) {
    if (verdict instanceof Verdict.Invalid rule) {
      return rule.errorMessage();
    }
    return verdict instanceof Verdict.Unreadable unreadable
        ? unreadable.errorMessage()
        : String.valueOf(verdict);
  }

  private static SessionEvent of(
      ConsumerRecord<byte[], byte[]> validated, Event event, String eventTime, Instant now) {
    SessionActivity.Entry entry = SessionActivity.Entry.of(event);
    return new SessionEvent(
        false,
        validated.partition(),
        validated.offset(),
        event.userSession(),
        entry.timeMicros(),
        entry.idHigh(),
        entry.idLow(),
        entry.userId(),
        entry.productId(),
        // The body does not depend on the count, which is not known yet.
        OnlineRow.body(event.userSession(), PurchaseFeatures.of(event, 0)),
        FeatureMessage.of(event, eventTime, now));
  }

  private static SessionEvent refused(
      ConsumerRecord<byte[], byte[]> validated, String reason, Instant now) {
    int partition = validated.partition();
    long offset = validated.offset();
    byte[] message =
        RefusedMessage.of(Topics.VALIDATED, partition, offset, validated.value(), reason, now);
    return new SessionEvent(true, partition, offset, "", 0, 0, 0, 0, 0, "", message);
  }

  /**
   * By which messages are brought together: the session, or the SHA-256 of one that is longer than
   * {@value #MAX_KEY} characters, so that its state is small however long its name is.
   */
  public String key() {
    if (refused) {
      return "partition-" + partition;
    }
    return session.length() <= MAX_KEY ? session : sha256(session);
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256", e);
    }
  }

  SessionActivity.Entry entry() {
    return new SessionActivity.Entry(timeMicros, idHigh, idLow, userId, productId);
  }

  /** What the job writes for a message that is refused, or for an event of which features are. */
  FeatureOutput output() {
    return refused ? FeatureOutput.invalid(null, message) : FeatureOutput.ready(this);
  }

  /** What the job writes for an event that it does not count; the features stand for the event. */
  FeatureOutput notCounted(String reason, Instant now) {
    byte[] key = session.getBytes(StandardCharsets.UTF_8);
    return FeatureOutput.invalid(
        key, RefusedMessage.of(Topics.VALIDATED, partition, offset, message, reason, now));
  }
}
