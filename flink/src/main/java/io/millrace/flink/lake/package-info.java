/** Writes topics to the object store as compressed JSON lines, partitioned by hour. */
@NullMarked
package io.millrace.flink.lake;

import org.jspecify.annotations.NullMarked;
