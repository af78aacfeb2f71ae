/** The data pipeline, and what its warehouse tasks take and give. */
@NullMarked
package io.millrace.workflows.warehouse;

import org.jspecify.annotations.NullMarked;
