/** Asset events that other systems write to Kafka. */
@NullMarked
package io.millrace.activities.asset;

import org.jspecify.annotations.NullMarked;
