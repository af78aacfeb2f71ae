/** Feature derivations: the same functions in stream, batch and serving. */
@NullMarked
package io.millrace.core.features;

import org.jspecify.annotations.NullMarked;
