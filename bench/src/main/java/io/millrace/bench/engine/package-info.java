/** The engine beside Airflow. */
@NullMarked
package io.millrace.bench.engine;

import org.jspecify.annotations.NullMarked;
