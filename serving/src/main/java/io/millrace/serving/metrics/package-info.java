/** What serving tells Prometheus. */
@NullMarked
package io.millrace.serving.metrics;

import org.jspecify.annotations.NullMarked;
