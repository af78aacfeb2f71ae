/** MLflow: tracking, artifacts, versions and aliases. */
@NullMarked
package io.millrace.activities.registry;

import org.jspecify.annotations.NullMarked;
