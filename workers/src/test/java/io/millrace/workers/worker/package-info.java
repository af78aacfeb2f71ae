@NullMarked
package io.millrace.workers.worker;

import org.jspecify.annotations.NullMarked;
