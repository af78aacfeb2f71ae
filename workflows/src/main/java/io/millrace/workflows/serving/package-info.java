/** What served models predicted, on its way to the warehouse. */
@NullMarked
package io.millrace.workflows.serving;

import org.jspecify.annotations.NullMarked;
