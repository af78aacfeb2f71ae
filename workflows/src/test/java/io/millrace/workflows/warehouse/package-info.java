/** Tests of data_pipeline's graph, in one process with fakes. */
@NullMarked
package io.millrace.workflows.warehouse;

import org.jspecify.annotations.NullMarked;
