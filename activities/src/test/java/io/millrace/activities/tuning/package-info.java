@NullMarked
package io.millrace.activities.tuning;

import org.jspecify.annotations.NullMarked;
