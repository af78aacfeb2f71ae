/** Events on their way into Kafka: replays of CSV files and of generated streams. */
@NullMarked
package io.millrace.activities.streaming;

import org.jspecify.annotations.NullMarked;
