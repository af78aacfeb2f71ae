/** Starting, finding, adopting and stopping detached processes. */
@NullMarked
package io.millrace.stack.process;

import org.jspecify.annotations.NullMarked;
