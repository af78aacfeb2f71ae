package io.millrace.workflows.features;

/** An online store that answers. */
public record OnlineCheck(String version) {}
