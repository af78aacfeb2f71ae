/** Tests of lineage. */
@NullMarked
package io.millrace.engine.lineage;

import org.jspecify.annotations.NullMarked;
