@NullMarked
package io.millrace.workflows.tuning;

import org.jspecify.annotations.NullMarked;
