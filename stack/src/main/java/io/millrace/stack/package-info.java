/** Real servers started as processes on one machine. */
@NullMarked
package io.millrace.stack;

import org.jspecify.annotations.NullMarked;
