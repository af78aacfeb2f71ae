/** Typed configuration: one record per feature, checked where it is made. */
@NullMarked
package io.millrace.workers.config;

import org.jspecify.annotations.NullMarked;
