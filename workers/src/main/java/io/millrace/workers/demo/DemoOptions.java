package io.millrace.workers.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param events how many messages to make up, unless there is an input
 * @param input a REES46 file to replay instead; null for made-up events
 * @param jsonFile where the report goes as JSON; null for nowhere
 */
public record DemoOptions(long events, @Nullable Path input, @Nullable Path jsonFile) {}
