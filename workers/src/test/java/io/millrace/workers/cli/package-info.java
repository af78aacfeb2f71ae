@NullMarked
package io.millrace.workers.cli;

import org.jspecify.annotations.NullMarked;
