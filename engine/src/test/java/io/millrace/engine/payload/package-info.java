/** Tests of payloads. */
@NullMarked
package io.millrace.engine.payload;

import org.jspecify.annotations.NullMarked;
