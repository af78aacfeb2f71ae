/** Keeps the online store up to date with the validated events. */
@NullMarked
package io.millrace.flink.features;

import org.jspecify.annotations.NullMarked;
