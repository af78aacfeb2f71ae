/** Tells OpenLineage which run made what from what. */
@NullMarked
package io.millrace.engine.lineage;

import org.jspecify.annotations.NullMarked;
