/** Tells people by e-mail. */
@NullMarked
package io.millrace.activities.notify;

import org.jspecify.annotations.NullMarked;
