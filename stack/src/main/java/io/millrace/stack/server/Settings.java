package io.millrace.stack.server;

import io.millrace.stack.Endpoints;
import io.millrace.stack.StackConfig;

/**
 * What every server is made from.
 *
 * @param config ports, folders, choices
 * @param endpoints addresses and credentials as clients will use them
 */
public record Settings(StackConfig config, Endpoints endpoints) {}
