package io.millrace.activities.lake;

/**
 * One version of an object in the lake.
 *
 * @param bucket its bucket
 * @param key its key
 * @param etag the store's mark of the content; another content has another etag
 * @param sizeBytes stored size
 */
public record LakeObject(String bucket, String key, String etag, long sizeBytes) {}
