package io.millrace.serving.models;

import io.javalin.http.Context;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.PromotionRefusedException;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.http.Problem;
import java.util.function.Function;

/** The answer to a change of a model: what serves then, or why it could not be made. */
final class RegistryProblems {
  private RegistryProblems() {}

  /** Makes a change of the model that the path names. */
  static void change(Context context, Function<String, ActiveVersions> change) {
    try {
      ActiveVersionsJson.answer(context, change.apply(context.pathParam("name")));
    } catch (NotRegisteredException e) {
      throw Problem.notFound(PrintableText.reason(e.getMessage()));
    } catch (PromotionRefusedException e) {
      throw new Problem(409, e.rule().title(), PrintableText.reason(e.getMessage()));
    } catch (RegistryRefusedException | RegistryUnavailableException e) {
      throw Problem.unavailable(
          "The model registry gives no answer: " + PrintableText.reason(e.getMessage()));
    }
  }
}
