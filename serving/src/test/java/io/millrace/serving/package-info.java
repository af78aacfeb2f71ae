/** Tests of the HTTP server, over HTTP. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
