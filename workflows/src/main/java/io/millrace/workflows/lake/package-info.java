/** Finding and ingesting lake objects: what the tasks take and give. */
@NullMarked
package io.millrace.workflows.lake;

import org.jspecify.annotations.NullMarked;
