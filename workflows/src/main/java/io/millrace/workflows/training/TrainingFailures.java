package io.millrace.workflows.training;

/** The types of the failures that training, tuning and registry activities end with. */
public interface TrainingFailures {
  /** An object is missing or is not what its checksum says. Not retried. */
  String DATASET_CORRUPT = "DATASET_CORRUPT";

  /** An argument of an activity makes no sense. Not retried. */
  String INVALID_INPUT = "INVALID_INPUT";

  /** Too few trials of a study can still succeed. Not retried. */
  String TUNING_FAILED = "TUNING_FAILED";

  /** The registry refused a request (4xx): a retry would be refused as well. Not retried. */
  String REGISTRY_REFUSED = "REGISTRY_REFUSED";

  /** A server did not answer in time or answered 5xx. Retried. */
  String UNAVAILABLE = "UNAVAILABLE";

  /** A model version lacks what it needs to be scored. Not retried. */
  String MODEL_UNREADABLE = "MODEL_UNREADABLE";

  /** A model's scores are not numbers from 0 to 1. Not retried. */
  String SCORES_UNUSABLE = "SCORES_UNUSABLE";

  /** Serving would score a model otherwise than XGBoost does, or not at all. Not retried. */
  String SCORER_DISAGREES = "SCORER_DISAGREES";
}
