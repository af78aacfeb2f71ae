/** Tests of deployments, on real clusters. */
@NullMarked
package io.millrace.activities.jobs;

import org.jspecify.annotations.NullMarked;
