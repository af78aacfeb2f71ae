/** Reading the alerts that the streaming jobs raise. */
@NullMarked
package io.millrace.activities.alerts;

import org.jspecify.annotations.NullMarked;
