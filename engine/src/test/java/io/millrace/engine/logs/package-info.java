/** Tests of task logs. */
@NullMarked
package io.millrace.engine.logs;

import org.jspecify.annotations.NullMarked;
