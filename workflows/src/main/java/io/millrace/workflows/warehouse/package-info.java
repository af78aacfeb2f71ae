/** The data pipeline: from lake objects to the gold tables. */
@NullMarked
package io.millrace.workflows.warehouse;

import org.jspecify.annotations.NullMarked;
