@NullMarked
package io.millrace.activities.training;

import org.jspecify.annotations.NullMarked;
