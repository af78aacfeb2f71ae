/** Tests of pools. */
@NullMarked
package io.millrace.engine.pool;

import org.jspecify.annotations.NullMarked;
