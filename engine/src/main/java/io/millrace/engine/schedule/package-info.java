/** When DAGs run: schedules declared in code and reconciled with the server's. */
@NullMarked
package io.millrace.engine.schedule;

import org.jspecify.annotations.NullMarked;
