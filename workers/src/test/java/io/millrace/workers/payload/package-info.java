/** Tests of payloads with the settings of real servers. */
@NullMarked
package io.millrace.workers.payload;

import org.jspecify.annotations.NullMarked;
