/** Data-quality suites: what the check tasks take and give. */
@NullMarked
package io.millrace.workflows.quality;

import org.jspecify.annotations.NullMarked;
