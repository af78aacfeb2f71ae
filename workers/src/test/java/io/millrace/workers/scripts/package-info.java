/** The commands under {@code scripts/}. */
@org.jspecify.annotations.NullMarked
package io.millrace.workers.scripts;
