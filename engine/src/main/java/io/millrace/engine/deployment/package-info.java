/** Which version of the code runs what: Temporal's Worker Deployments, for DAGs. */
@NullMarked
package io.millrace.engine.deployment;

import org.jspecify.annotations.NullMarked;
