/** Tells people and other systems: by webhook, Slack or whatever a worker has. */
@NullMarked
package io.millrace.engine.notify;

import org.jspecify.annotations.NullMarked;
