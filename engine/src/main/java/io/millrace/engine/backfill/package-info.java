/** Runs of a schedule's past dates, by a durable workflow. */
@NullMarked
package io.millrace.engine.backfill;

import org.jspecify.annotations.NullMarked;
