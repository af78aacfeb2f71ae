/** The process that runs the streaming jobs: its settings, its cluster, its restarts. */
@NullMarked
package io.millrace.flink;

import org.jspecify.annotations.NullMarked;
