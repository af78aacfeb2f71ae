package io.millrace.workers.worker;

import io.millrace.workflows.features.FeatureActivities;
import io.millrace.workflows.jobs.JobActivities;
import io.millrace.workflows.lake.CompactionActivities;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.registry.RegistryActivities;
import io.millrace.workflows.serving.PredictionActivities;
import io.millrace.workflows.training.TrainingActivities;
import io.millrace.workflows.tuning.TrialActivities;
import io.millrace.workflows.warehouse.WarehouseActivities;
import io.temporal.common.metadata.POJOActivityInterfaceMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The activities that our DAGs call. */
public final class Activities {

  /** Their interfaces. */
  static final List<Class<?>> INTERFACES =
      List.of(
          LakeActivities.class,
          WarehouseActivities.class,
          QualityActivities.class,
          TrainingActivities.class,
          TrialActivities.class,
          RegistryActivities.class,
          FeatureActivities.class,
          CompactionActivities.class,
          JobActivities.class,
          PredictionActivities.class);

  private Activities() {}

  /** What each activity returns, by its type. */
  public static Map<String, Type> results() {
    return INTERFACES.stream()
        .flatMap(
            api -> POJOActivityInterfaceMetadata.newInstance(api).getMethodsMetadata().stream())
        .collect(
            Collectors.toUnmodifiableMap(
                POJOActivityMethodMetadata::getActivityTypeName,
                method -> method.getMethod().getGenericReturnType()));
  }
}
