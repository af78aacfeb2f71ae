/** Tests that the warehouse and the online store say the same, on real servers. */
@NullMarked
package io.millrace.activities.features;

import org.jspecify.annotations.NullMarked;
