/** The tasks of the DAGs, a package each, and what they share. */
@NullMarked
package io.millrace.activities;

import org.jspecify.annotations.NullMarked;
