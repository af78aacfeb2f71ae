package io.millrace.workflows.warehouse;

/**
 * How gold is loaded.
 *
 * @param parallelism days whose facts are loaded side by side
 */
public record GoldLoad(int parallelism) {}
