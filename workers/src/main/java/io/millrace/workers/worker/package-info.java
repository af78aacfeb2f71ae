/** The worker: a process that runs the pipelines' workflows and activities. Wiring only. */
@NullMarked
package io.millrace.workers.worker;

import org.jspecify.annotations.NullMarked;
