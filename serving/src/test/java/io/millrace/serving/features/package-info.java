/** Tests of reading features, on real servers where it matters. */
@NullMarked
package io.millrace.serving.features;

import org.jspecify.annotations.NullMarked;
