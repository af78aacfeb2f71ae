/** Data-quality expectations under Great Expectations' names, judged from measured counts. */
@NullMarked
package io.millrace.core.quality;

import org.jspecify.annotations.NullMarked;
