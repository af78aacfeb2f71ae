/** Tests of the scorers. */
@NullMarked
package io.millrace.core.serving;

import org.jspecify.annotations.NullMarked;
