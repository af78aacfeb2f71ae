/** Tuning beside Ray Tune and plain processes. */
@NullMarked
package io.millrace.bench.tuning;

import org.jspecify.annotations.NullMarked;
