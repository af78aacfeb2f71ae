/** Data-quality suites, measured with set-based SQL. */
@NullMarked
package io.millrace.activities.quality;

import org.jspecify.annotations.NullMarked;
