package io.millrace.engine.logs;

import io.millrace.engine.payload.BlobStore;
import io.temporal.failure.ApplicationFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The log of one try that is not yet stored whole. */
final class TaskLogWriter {

  /** Of the lines that are ours and not the task's. */
  static final String MARK = "=== ";

  /** Of the last line of a try that has ended. */
  static final String ENDED = MARK + "ended: ";

  private final TaskTry tried;
  private final LogBuffer buffer;
  private final Instant startedAt;
  private final long firstLines;
  private volatile boolean ended;
  private volatile long writtenLines;
  private int failures;

  /** Whether a writer has been asked to write it and has not begun. */
  final AtomicBoolean queued = new AtomicBoolean();

  TaskLogWriter(TaskTry tried, LogBuffer buffer, Instant startedAt, String worker) {
    this.tried = tried;
    this.buffer = buffer;
    this.startedAt = startedAt;
    buffer.add(
        "%sdag=%s run=%s task=%s%s attempt=%d worker=%s started=%s%n"
            .formatted(
                MARK,
                tried.dag(),
                tried.run(),
                tried.task(),
                tried.item() == null ? "" : " map_index=" + tried.item(),
                tried.attempt(),
                worker,
                startedAt));
    firstLines = buffer.lines();
    writtenLines = firstLines;
  }

  TaskTry tried() {
    return tried;
  }

  boolean add(String text) {
    return ended || buffer.add(text);
  }

  /** Ends it; returns whether there is something to store. */
  boolean end(@Nullable Throwable failure, Instant now) {
    boolean silent = buffer.lines() == firstLines;
    String took =
        String.format(
            Locale.ROOT, "after %.3f s", Duration.between(startedAt, now).toMillis() / 1e3);
    AttemptOutcome end = AttemptOutcome.of(failure);
    if (failure != null && end == AttemptOutcome.FAILED) {
      buffer.add(stackTrace(failure));
    }
    buffer.add("%s%s %s%s%n".formatted(ENDED, end.words(), took, reason(end, failure)));
    ended = true;
    return !silent || end == AttemptOutcome.FAILED;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Whether it is to be written, again or for the last time. */
  boolean hasNews() {
    return ended || buffer.lines() != writtenLines;
  }

  /** Stores what there is now; returns whether nothing will come after it. */
  boolean writeTo(BlobStore store) {
    boolean whole = ended; // read before the lines
    long lines = buffer.lines();
    store.put(LogKeys.of(tried), buffer.render());
    writtenLines = lines;
    failures = 0;
    return whole;
  }

  int failed() {
    return ++failures;
  }

  void release() {
    buffer.release();
  }

  private static String reason(AttemptOutcome end, @Nullable Throwable failure) {
    if (failure == null || end == AttemptOutcome.CANCELLED) {
      return "";
    }
    String text =
        end != AttemptOutcome.FAILED && failure instanceof ApplicationFailure told
            ? told.getOriginalMessage()
            : failure.toString();
    return ": " + text.lines().findFirst().orElse("");
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
