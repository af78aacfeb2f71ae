/** Temporal's Web UI as a person sees it: in a browser. */
@NullMarked
package io.millrace.workers.webui;

import org.jspecify.annotations.NullMarked;
