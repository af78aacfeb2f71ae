/** Tests of notifications. */
@NullMarked
package io.millrace.engine.notify;

import org.jspecify.annotations.NullMarked;
