/** When an invalid message, or too many of them, is worth somebody's attention. */
@NullMarked
package io.millrace.core.alerts;

import org.jspecify.annotations.NullMarked;
