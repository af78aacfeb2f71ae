/** Judges raw events: valid ones to one topic, the rest with the reason to another. */
@NullMarked
package io.millrace.flink.validation;

import org.jspecify.annotations.NullMarked;
