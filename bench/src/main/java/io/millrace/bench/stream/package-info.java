/** Streaming jobs beside a plain copy and PyFlink. */
@NullMarked
package io.millrace.bench.stream;

import org.jspecify.annotations.NullMarked;
