/** The walls between the modules and the determinism of workflow code, held by tests. */
@NullMarked
package io.millrace.workers.architecture;

import org.jspecify.annotations.NullMarked;
