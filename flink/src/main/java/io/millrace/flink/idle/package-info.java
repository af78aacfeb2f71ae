/** Fewer checkpoints while no messages come. */
@NullMarked
package io.millrace.flink.idle;

import org.jspecify.annotations.NullMarked;
