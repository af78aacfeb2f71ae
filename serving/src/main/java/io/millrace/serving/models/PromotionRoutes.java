package io.millrace.serving.models;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.serving.http.Client;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;

/** Changes which version of a model serves: promotes, rolls back, starts and ends a canary. */
public final class PromotionRoutes implements Routes {
  private final Promotions promotions;

  public PromotionRoutes(Promotions promotions) {
    this.promotions = promotions;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/models/{name}/promote", this::promote, Role.OPERATE);
    app.post("/models/{name}/rollback", this::rollBack, Role.OPERATE);
    app.put("/models/{name}/canary", this::canary, Role.OPERATE);
    app.delete("/models/{name}/canary", this::endCanary, Role.OPERATE);
  }

  private void promote(Context context) {
    PromotionBody body = PromotionBody.read(RequestBody.of(context));
    RegistryProblems.change(
        context, name -> promotions.promote(body.request(name, Client.of(context))));
  }

  private void canary(Context context) {
    CanaryBody body = CanaryBody.read(RequestBody.of(context));
    RegistryProblems.change(context, name -> promotions.canary(name, body.version(), body.share()));
  }

  private void endCanary(Context context) {
    RegistryProblems.change(context, promotions::endCanary);
  }

  private void rollBack(Context context) {
    RegistryProblems.change(
        context, name -> promotions.rollBack(name, Client.of(context), "rolled back over HTTP"));
  }
}
