@NullMarked
package io.millrace.activities.streaming;

import org.jspecify.annotations.NullMarked;
