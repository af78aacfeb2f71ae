package io.millrace.engine.logs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.Header;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which task an activity belongs to, sent with it in its header: an activity does not see its own
 * summary.
 *
 * @param task the task id
 * @param item of a mapped task, else null
 * @param dag null if it is the type of the activity's own workflow
 * @param run null if it is the activity's own workflow
 */
@JsonInclude(JsonInclude.Include.NON_NULL) // it lies in the history with every activity
record TaskLabel(String task, @Nullable String item, @Nullable String dag, @Nullable String run) {

  private static final String HEADER = "millrace-label";
  private static final Pattern SUMMARY =
      Pattern.compile("([A-Za-z0-9_.-]{1,200})(?:\\[(.*)])?", Pattern.DOTALL);

  /**
   * The DAG run that a child run works for.
   *
   * @param dag the DAG
   * @param run the workflow id
   */
  record Owner(String dag, String run) {
    private static final String HEADER = "millrace-owner";

    void send(Header header) {
      put(header, HEADER, this);
    }

    static @Nullable Owner receive(Header header) {
      return get(header, HEADER, Owner.class);
    }
  }

  /** Reads {@code task} or {@code task[item]}; empty if a summary is of another form. */
  static Optional<TaskLabel> of(@Nullable String summary, @Nullable Owner owner) {
    Matcher matcher = SUMMARY.matcher(summary == null ? "" : summary);
    return matcher.matches()
        ? Optional.of(
            new TaskLabel(
                matcher.group(1),
                matcher.group(2),
                owner == null ? null : owner.dag(),
                owner == null ? null : owner.run()))
        : Optional.empty();
  }

  void send(Header header) {
    put(header, HEADER, this);
  }

  static @Nullable TaskLabel receive(Header header) {
    return get(header, HEADER, TaskLabel.class);
  }

  private static void put(Header header, String key, Object value) {
    Map<String, Payload> values = header.getValues();
    DefaultDataConverter.STANDARD_INSTANCE
        .toPayload(value)
        .ifPresent(payload -> values.put(key, payload));
  }

  private static <T> @Nullable T get(Header header, String key, Class<T> type) {
    Payload payload = header.getValues().get(key);
    return payload == null
        ? null
        : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, type, type);
  }
}
