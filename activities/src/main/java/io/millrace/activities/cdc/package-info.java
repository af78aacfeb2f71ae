/** Change data capture: the table of events, and Debezium on Kafka Connect that reads it. */
@NullMarked
package io.millrace.activities.cdc;

import org.jspecify.annotations.NullMarked;
