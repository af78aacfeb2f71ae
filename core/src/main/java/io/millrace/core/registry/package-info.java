/** The model registry: which version of a model serves whom, and who decided it. */
@NullMarked
package io.millrace.core.registry;

import org.jspecify.annotations.NullMarked;
