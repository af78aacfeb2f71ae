/** The pure half of hyper-parameter tuning: the space, the sampler and the early-stopping rule. */
@NullMarked
package io.millrace.core.tuning;

import org.jspecify.annotations.NullMarked;
