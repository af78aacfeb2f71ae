package io.millrace.engine.replay;

import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * A call as the history has it, still encoded.
 *
 * @param eventId of the event
 * @param type the activity or workflow type
 * @param summary null if the history has none, as those of old versions
 * @param childId the workflow id of a child run, else null
 * @param input the arguments; null if the history does not say
 */
record Recorded(
    long eventId,
    String type,
    @Nullable Payload summary,
    @Nullable String childId,
    @Nullable Payloads input) {

  static Recorded of(HistoryEvent event, String type, @Nullable Payloads input) {
    return of(event, type, null, input);
  }

  static Recorded of(
      HistoryEvent event, String type, @Nullable String childId, @Nullable Payloads input) {
    Payload summary =
        event.getUserMetadata().hasSummary() ? event.getUserMetadata().getSummary() : null;
    return new Recorded(event.getEventId(), type, summary, childId, input);
  }
}
