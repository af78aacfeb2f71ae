/** Tests of schedules; those on a server need a real one, since the in-memory one has none. */
@NullMarked
package io.millrace.engine.schedule;

import org.jspecify.annotations.NullMarked;
