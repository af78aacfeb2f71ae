/** The training pipeline: its DAG, params, and the activities that load, train and judge. */
@NullMarked
package io.millrace.workflows.training;

import org.jspecify.annotations.NullMarked;
