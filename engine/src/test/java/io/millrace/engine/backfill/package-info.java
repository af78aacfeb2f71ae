/** Tests of backfills. */
@NullMarked
package io.millrace.engine.backfill;

import org.jspecify.annotations.NullMarked;
