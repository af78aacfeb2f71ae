/** How the processes of Millrace keep and show the values of runs. */
@NullMarked
package io.millrace.workers.payload;

import org.jspecify.annotations.NullMarked;
