/** Tests of reading lake objects. */
@NullMarked
package io.millrace.activities.lake;

import org.jspecify.annotations.NullMarked;
