/** From a request to a score. */
@NullMarked
package io.millrace.serving.predict;

import org.jspecify.annotations.NullMarked;
