/** A small DAG for the tests of the command line and of the Web UI. */
@NullMarked
package io.millrace.workers.cli.toys;

import org.jspecify.annotations.NullMarked;
