/** Tests of materialize's graph, in one process with fakes. */
@NullMarked
package io.millrace.workflows.features;

import org.jspecify.annotations.NullMarked;
