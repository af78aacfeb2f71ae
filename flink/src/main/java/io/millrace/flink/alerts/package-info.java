/** Invalid messages to alerts. */
@NullMarked
package io.millrace.flink.alerts;

import org.jspecify.annotations.NullMarked;
