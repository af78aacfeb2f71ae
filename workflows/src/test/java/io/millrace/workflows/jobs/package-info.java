/** Tests of the deployments' graphs, in one process with fakes. */
@NullMarked
package io.millrace.workflows.jobs;

import org.jspecify.annotations.NullMarked;
