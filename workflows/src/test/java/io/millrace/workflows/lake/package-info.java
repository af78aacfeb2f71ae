/** Tests of lake_compaction's graph, in one process with fakes. */
@NullMarked
package io.millrace.workflows.lake;

import org.jspecify.annotations.NullMarked;
