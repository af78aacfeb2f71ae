package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Submits a job of a build, once however often it is tried: its id is given. */
final class JobSubmission {
  private static final Logger logger = LoggerFactory.getLogger(JobSubmission.class);

  private final FlinkApi flink;
  private final JobJars jars;

  JobSubmission(FlinkApi flink, JobJars jars) {
    this.flink = flink;
    this.jars = jars;
  }

  void submit(String build, FlinkApi.Submission submission) {
    String jar = jars.onCluster(flink, build);
    try {
      flink.run(jar, submission);
    } catch (PipelineException e) {
      // A try before, of which we did not hear, may have come through.
      if (flink.state(submission.id()).isEmpty()) {
        throw e;
      }
    }
    logger.info("Job {} submitted as {}, build {}", submission.job(), submission.id(), build);
  }
}
