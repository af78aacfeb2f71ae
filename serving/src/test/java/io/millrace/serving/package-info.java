/** Tests of serving, over HTTP. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
