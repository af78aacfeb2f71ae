/** Tests of the worker's metrics. */
@NullMarked
package io.millrace.workers.metrics;

import org.jspecify.annotations.NullMarked;
