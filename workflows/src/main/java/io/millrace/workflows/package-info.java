/** The DAGs, a package each, and what they share. */
@NullMarked
package io.millrace.workflows;

import org.jspecify.annotations.NullMarked;
