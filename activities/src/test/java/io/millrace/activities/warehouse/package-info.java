/** Tests of the data pipeline on real servers. */
@NullMarked
package io.millrace.activities.warehouse;

import org.jspecify.annotations.NullMarked;
