/** The versions of the models that are served, and how they change under load. */
@NullMarked
package io.millrace.serving.models;

import org.jspecify.annotations.NullMarked;
