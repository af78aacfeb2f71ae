/** What runs inside Kafka Connect. */
@NullMarked
package io.millrace.stack.connect;

import org.jspecify.annotations.NullMarked;
