/** Kills servers under load, and counts afterwards whether anything was lost or is there twice. */
@NullMarked
package io.millrace.bench.chaos;

import org.jspecify.annotations.NullMarked;
