/** Named slots that all runs share: how much of something may be in use at the same time. */
@NullMarked
package io.millrace.engine.pool;

import org.jspecify.annotations.NullMarked;
