/** Answers with predictions and features over HTTP. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
