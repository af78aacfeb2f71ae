/** Side-by-side benchmarks. */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
