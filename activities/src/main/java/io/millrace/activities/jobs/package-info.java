/** Streaming jobs on a Flink cluster, through its REST interface. */
@NullMarked
package io.millrace.activities.jobs;

import org.jspecify.annotations.NullMarked;
