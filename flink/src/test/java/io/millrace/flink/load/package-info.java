/** Jobs to measure ours against; not part of the product. */
@NullMarked
package io.millrace.flink.load;

import org.jspecify.annotations.NullMarked;
