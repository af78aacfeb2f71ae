/** The streaming job that splits raw events into valid and invalid ones. */
@NullMarked
package io.millrace.flink.validation;

import org.jspecify.annotations.NullMarked;
