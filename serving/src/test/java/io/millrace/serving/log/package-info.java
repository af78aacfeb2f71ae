/** Tests of the prediction log, on a real Kafka where it matters. */
@NullMarked
package io.millrace.serving.log;

import org.jspecify.annotations.NullMarked;
