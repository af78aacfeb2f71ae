/** What every path shares: errors, limits, access, metrics. */
@NullMarked
package io.millrace.serving.http;

import org.jspecify.annotations.NullMarked;
