/**
 * The logs of tasks: every line knows its run, task, item and attempt, and each try's lines are
 * kept in the object store.
 */
@NullMarked
package io.millrace.engine.logs;

import org.jspecify.annotations.NullMarked;
