package io.millrace.engine;

import java.time.Instant;

/**
 * Something that a person did to a run.
 *
 * @param at when
 * @param what for example {@code clear load, verify}
 * @param by who, or {@code somebody}
 * @param why as they said, or empty
 */
public record Operation(Instant at, String what, String by, String why) {}
