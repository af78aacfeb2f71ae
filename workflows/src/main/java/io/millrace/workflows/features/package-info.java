/** The pipeline from the warehouse to the online store. */
@NullMarked
package io.millrace.workflows.features;

import org.jspecify.annotations.NullMarked;
