/** Hyper-parameter tuning as a workflow of its own, and the activities that run its trials. */
@NullMarked
package io.millrace.workflows.tuning;

import org.jspecify.annotations.NullMarked;
