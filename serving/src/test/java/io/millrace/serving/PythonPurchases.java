package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.models.RowEncoder;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.models.VersionFiles;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.Venvs;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A purchase model that XGBoost in Python trained on what shoppers put into their carts, and what
 * the same XGBoost predicts for carts that it has not seen.
 *
 * @param files the version, as serving loads it
 * @param instances the unseen carts, as a client sends them: a JSON array
 * @param predictions one a line
 */
public record PythonPurchases(VersionFiles files, Path instances, Path predictions) {
  /** How many carts it has not seen. */
  public static final int HELD = 1_000;

  private static final int EVENTS = 50_000;
  private static final int COLUMNS = PurchaseDefinition.MODEL.names().size();
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private record Cart(PurchaseFeatures features, boolean bought) {}

  /** Trains it, with its files in the folder. */
  public static PythonPurchases train(Path folder) throws IOException {
    List<Cart> carts = carts();
    List<Cart> train = carts.subList(0, carts.size() - HELD);
    List<Cart> held = carts.subList(carts.size() - HELD, carts.size());
    CategoryMappings mappings = mappings(train);
    Path model = folder.resolve("model.ubj");
    Path predictions = folder.resolve("predictions.csv");
    Commands.run(
        List.of(
            Venvs.standard().modelCheck().toString(),
            "src/test/python/train_purchases.py",
            write(folder.resolve("train.csv"), train, mappings, true).toString(),
            write(folder.resolve("held.csv"), held, mappings, false).toString(),
            model.toString(),
            predictions.toString()),
        Map.of(),
        Waiting.LIMIT);
    Path instances = folder.resolve("instances.json");
    new ObjectMapper()
        .writeValue(instances.toFile(), held.stream().map(cart -> instance(cart)).toList());
    Scorer scorer = Scorer.read(Files.readAllBytes(model));
    return new PythonPurchases(
        new VersionFiles(PurchaseDefinition.MODEL.schema(), mappings, scorer, null),
        instances,
        predictions);
  }

  /** In the order of time, with the events of the session so far. */
  private static List<Cart> carts() {
    List<Event> events = SyntheticEvents.stream(7, EVENTS, START).toList();
    Set<String> bought = new HashSet<>();
    events.stream()
        .filter(event -> event.eventType() == EventType.PURCHASE)
        .forEach(event -> bought.add(inSession(event)));
    Map<String, Integer> counts = new HashMap<>();
    List<Cart> carts = new ArrayList<>();
    for (Event event : events) {
      int count = counts.merge(event.userSession(), 1, Integer::sum);
      if (event.eventType() == EventType.CART) {
        carts.add(new Cart(PurchaseFeatures.of(event, count), bought.contains(inSession(event))));
      }
    }
    return carts;
  }

  private static String inSession(Event event) {
    return event.userSession() + '/' + event.productId();
  }

  private static CategoryMappings mappings(List<Cart> carts) {
    List<@Nullable String> brands = new ArrayList<>();
    List<@Nullable String> level1 = new ArrayList<>();
    List<@Nullable String> level2 = new ArrayList<>();
    for (Cart cart : carts) {
      brands.add(cart.features().brand());
      level1.add(cart.features().categoryCodeLevel1());
      level2.add(cart.features().categoryCodeLevel2());
    }
    return new CategoryMappings(
        Map.of(
            "brand", OrdinalEncoding.fit(brands),
            "event_weekday", OrdinalEncoding.ofOrdered(List.of("0", "1", "2", "3", "4", "5", "6")),
            "category_code_level1", OrdinalEncoding.fit(level1),
            "category_code_level2", OrdinalEncoding.fit(level2)));
  }

  private static Path write(
      Path file, List<Cart> carts, CategoryMappings mappings, boolean labelled) throws IOException {
    RowEncoder encoder = new RowEncoder(PurchaseDefinition.MODEL.schema(), mappings);
    float[] row = new float[COLUMNS];
    StringBuilder text = new StringBuilder();
    for (Cart cart : carts) {
      PurchaseFeatures features = cart.features();
      row[0] = encoder.code(0, features.brand());
      row[1] = (float) features.price();
      row[2] = encoder.code(2, Integer.toString(features.eventWeekday()));
      row[3] = encoder.code(3, features.categoryCodeLevel1());
      row[4] = encoder.code(4, features.categoryCodeLevel2());
      row[5] = features.activityCount();
      for (int column = 0; column < COLUMNS; column++) {
        text.append(column == 0 ? "" : ",").append(row[column]);
      }
      text.append(labelled ? (cart.bought() ? ",1" : ",0") : "").append('\n');
    }
    return Files.writeString(file, text, UTF_8);
  }

  private static Map<String, @Nullable Object> instance(Cart cart) {
    PurchaseFeatures features = cart.features();
    Map<String, @Nullable Object> instance = new LinkedHashMap<>();
    instance.put("brand", features.brand());
    instance.put("price", features.price());
    instance.put("event_weekday", features.eventWeekday());
    instance.put("category_code_level1", features.categoryCodeLevel1());
    instance.put("category_code_level2", features.categoryCodeLevel2());
    instance.put("activity_count", features.activityCount());
    return instance;
  }
}
