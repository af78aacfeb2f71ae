/** Features in the warehouse and in the online store. */
@NullMarked
package io.millrace.activities.features;

import org.jspecify.annotations.NullMarked;
