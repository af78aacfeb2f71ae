package io.millrace.flink.features;

import io.millrace.core.features.SessionActivity;

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

  SessionActivity.Entry entry() {
    return new SessionActivity.Entry(timeMicros, idHigh, idLow, userId, productId);
  }
}
