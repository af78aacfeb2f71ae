/** Tests of the prediction log's way to the warehouse. */
@NullMarked
package io.millrace.workflows.serving;

import org.jspecify.annotations.NullMarked;
