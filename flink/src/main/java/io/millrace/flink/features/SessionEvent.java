package io.millrace.flink.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.core.features.FeatureMessage;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.features.SessionActivity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A validated event, read once: what is needed to count it, and what is passed on.
 *
 * @param session its session, by which events are brought together
 * @param online its online row behind the version, see {@link
 *     io.millrace.core.features.OnlineRow#body}
 * @param message its message for {@code model.features.ready}
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied by nobody on the hot path
public record SessionEvent(
    String session,
    long timeMicros,
    long idHigh,
    long idLow,
    long userId,
    long productId,
    String online,
    byte[] message) {

  /**
   * Reads a validated message; null if it is no valid event. Runs per message, hence no Optional.
   *
   * @param now when the message is processed
   */
  public static @Nullable SessionEvent read(
      EventReader reader, byte @Nullable [] value, Instant now) {
    if (!(reader.read(value) instanceof Verdict.Valid valid)) {
      return null;
    }
    Event event = valid.event();
    SessionActivity.Entry entry = SessionActivity.Entry.of(event);
    return new SessionEvent(
        event.userSession(),
        entry.timeMicros(),
        entry.idHigh(),
        entry.idLow(),
        entry.userId(),
        entry.productId(),
        // The body does not depend on the count, which is not known yet.
        OnlineRow.body(event.userSession(), PurchaseFeatures.of(event, 0)),
        FeatureMessage.of(event, reader.eventTimeText(), now));
  }

  SessionActivity.Entry entry() {
    return new SessionActivity.Entry(timeMicros, idHigh, idLow, userId, productId);
  }
}
