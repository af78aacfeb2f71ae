/** Compares what a run's history recorded of its tasks with what its code makes of them today. */
@NullMarked
package io.millrace.engine.replay;

import org.jspecify.annotations.NullMarked;
