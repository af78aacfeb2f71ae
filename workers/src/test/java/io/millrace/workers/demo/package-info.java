@NullMarked
package io.millrace.workers.demo;

import org.jspecify.annotations.NullMarked;
