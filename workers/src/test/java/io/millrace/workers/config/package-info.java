@NullMarked
package io.millrace.workers.config;

import org.jspecify.annotations.NullMarked;
