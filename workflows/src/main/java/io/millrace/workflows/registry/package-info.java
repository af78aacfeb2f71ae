/** What a training run hands to the model registry. */
@NullMarked
package io.millrace.workflows.registry;

import org.jspecify.annotations.NullMarked;
