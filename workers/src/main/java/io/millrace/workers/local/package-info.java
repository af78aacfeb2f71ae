/** All of Millrace on this machine: the servers, the schema and a worker. */
@NullMarked
package io.millrace.workers.local;

import org.jspecify.annotations.NullMarked;
