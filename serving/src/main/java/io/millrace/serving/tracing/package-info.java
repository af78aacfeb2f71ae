/** What serving tells OpenTelemetry: a trace of each request. */
@NullMarked
package io.millrace.serving.tracing;

import org.jspecify.annotations.NullMarked;
