/** Deploying streaming jobs: the DAGs, their params and results, and what their tasks do. */
@NullMarked
package io.millrace.workflows.jobs;

import org.jspecify.annotations.NullMarked;
