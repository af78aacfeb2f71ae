/** Tests of what the shipped DAGs share in operation. */
@NullMarked
package io.millrace.workflows.operations;

import org.jspecify.annotations.NullMarked;
