/** The demo: from nothing to a registered model, stage by stage, with counts that must add up. */
@NullMarked
package io.millrace.workers.demo;

import org.jspecify.annotations.NullMarked;
