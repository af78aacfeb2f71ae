/** Small DAGs that the engine's own tests run. */
@NullMarked
package io.millrace.engine.toys;

import org.jspecify.annotations.NullMarked;
