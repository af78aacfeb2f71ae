/** DAGs that run when other DAGs, or outside systems, have made what they need. */
@NullMarked
package io.millrace.engine.asset;

import org.jspecify.annotations.NullMarked;
