/** Tests of what every path shares, over HTTP. */
@NullMarked
package io.millrace.serving.http;

import org.jspecify.annotations.NullMarked;
