package io.millrace.stack;

/** Which object store serves {@link Component#S3}. */
public enum S3Server {
  /** SeaweedFS from its Python package: installed in seconds. */
  SEAWEEDFS,
  /**
   * MinIO: the one on the PATH, else built once from its pinned source, which takes Go and minutes.
   */
  MINIO
}
