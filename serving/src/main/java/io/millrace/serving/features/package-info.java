/** Online features, read for predictions and for whoever asks. */
@NullMarked
package io.millrace.serving.features;

import org.jspecify.annotations.NullMarked;
