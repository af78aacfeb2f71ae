/** Takes the lines of tasks out of the worker's log. */
@NullMarked
package io.millrace.workers.logs;

import org.jspecify.annotations.NullMarked;
