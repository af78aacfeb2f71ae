/** Tests of the serving process on real servers. */
@NullMarked
package io.millrace.workers.serving;

import org.jspecify.annotations.NullMarked;
