package io.millrace.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one task.
 *
 * @param id the task id
 * @param state its state
 * @param tries how often it was tried, if the run can know it, else null
 * @param startedAt when it was started, or null if it was not
 * @param duration from start to end, or null while there is no end
 * @param progress items done of a mapped task, for example {@code 3/12}; else empty
 * @param detail what it did, or why it was skipped or failed
 */
public record TaskReport(
    String id,
    NodeState state,
    @Nullable Integer tries,
    @Nullable Instant startedAt,
    @Nullable Duration duration,
    String progress,
    String detail) {}
