/**
 * How values travel between runs and tasks: small ones as plain JSON in the history, large ones by
 * reference to a blob store, encrypted if wanted; and the results of pure tasks, kept for reuse.
 */
@NullMarked
package io.millrace.engine.payload;

import org.jspecify.annotations.NullMarked;
