package io.millrace.engine.payload;

import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.Header;
import io.temporal.workflow.Functions;
import io.temporal.workflow.WorkflowThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That the result of an activity may be kept and used again for the same inputs, by any run.
 *
 * <p>Only for pure activities: one whose work is what it returns. The result is found again by this
 * key, the activity's type and its arguments as JSON; change the key when the code changes what it
 * computes. A failure is never kept, nor a check that did not pass, nor the result of an activity
 * that completes later. Two that start at the same time both run.
 *
 * <p>In workflow code:
 *
 * <pre>{@code
 * Promise<Features> features = Memo.during(
 *     new Memo("features-v3", Duration.ofDays(7)), () -> stub.executeAsync("Features", ...));
 * }</pre>
 *
 * <p>It takes {@link MemoInterceptor} on the workers; without it the activity runs every time. It
 * costs no event in the history.
 *
 * @param key names the computation and its version
 * @param ttl how long a result may be used; the blob store's retention may end it sooner
 */
public record Memo(String key, Duration ttl) {

  private static final String HEADER = "millrace-memo";
  private static final WorkflowThreadLocal<@Nullable Memo> CURRENT = new WorkflowThreadLocal<>();

  public Memo {
    if (key.isBlank()) {
      throw new IllegalArgumentException("The key of a memo must not be blank");
    }
    if (ttl.toMillis() < 1) {
      throw new IllegalArgumentException(
          "The ttl of memo '%s' must be at least 1 ms, but is %s".formatted(key, ttl));
    }
  }

  /**
   * Schedules activities that carry a memo. Must be called by workflow code.
   *
   * @param memo null for none
   * @param schedule calls {@code executeAsync}; must not block
   */
  public static <T> T during(@Nullable Memo memo, Functions.Func<T> schedule) {
    CURRENT.set(memo);
    try {
      return schedule.apply();
    } finally {
      CURRENT.set(null);
    }
  }

  /** What an activity receives. The key is hashed: headers are not encrypted. */
  record Received(String key, long ttlMillis) {
    Duration ttl() {
      return Duration.ofMillis(ttlMillis);
    }
  }

  /** Adds the memo that holds now to an activity's header. */
  static void send(Header header) {
    Memo memo = CURRENT.get();
    if (memo != null) {
      String hashed = Digest.sha256(memo.key.getBytes(StandardCharsets.UTF_8));
      DefaultDataConverter.STANDARD_INSTANCE
          .toPayload(new Received(hashed, memo.ttl.toMillis()))
          .ifPresent(payload -> header.getValues().put(HEADER, payload));
    }
  }

  /**
   * The memo that came with an activity.
   *
   * @throws DataConverterException if it cannot be read
   */
  static Optional<Received> receive(Header header) {
    Payload payload = header.getValues().get(HEADER);
    return payload == null
        ? Optional.empty()
        : Optional.of(
            DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
                payload, Received.class, Received.class));
  }
}
