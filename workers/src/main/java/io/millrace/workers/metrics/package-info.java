/** What a worker tells Prometheus. */
@NullMarked
package io.millrace.workers.metrics;

import org.jspecify.annotations.NullMarked;
