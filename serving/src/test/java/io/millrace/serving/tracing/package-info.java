/** Tests of the traces. */
@NullMarked
package io.millrace.serving.tracing;

import org.jspecify.annotations.NullMarked;
