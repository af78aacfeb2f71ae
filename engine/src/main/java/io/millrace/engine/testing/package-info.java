/** Runs a DAG in one process, with fakes in place of its activities. */
@NullMarked
package io.millrace.engine.testing;

import org.jspecify.annotations.NullMarked;
