@NullMarked
package io.millrace.workflows.training;

import org.jspecify.annotations.NullMarked;
