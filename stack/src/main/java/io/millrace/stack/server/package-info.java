/** How each server is configured, started and checked. */
@NullMarked
package io.millrace.stack.server;

import org.jspecify.annotations.NullMarked;
