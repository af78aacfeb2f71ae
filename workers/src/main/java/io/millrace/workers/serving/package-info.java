/** The serving process: the HTTP server with its models, features and record of predictions. */
@NullMarked
package io.millrace.workers.serving;

import org.jspecify.annotations.NullMarked;
