package org.onemall.order;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onemall.run.JsonFile;

/**
 * The chosen final order, and those of the smaller models on the way to it, each with weights of
 * its own: the ladder that shows what each part contributes. Only {@code onemall} has the explore
 * bonus.
 *
 * @param parts what joined
 * @param steps by model name, in the order in which parts join; the last is {@code onemall}
 * @param validation the objective that each reached on validation
 */
public record FinalOrders(
    OrderConfig.Parts parts, Map<String, FinalOrder> steps, Map<String, Double> validation) {
  /** The whole model's name in reports. */
  public static final String ONEMALL = "onemall";

  /** Generator + pointer. */
  public static final String RETRIEVER = "retriever";

  /** The paper's pure generator: items of the beam by log-probability. */
  public static final String GENERATOR = "generator";

  public FinalOrders {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    validation = Collections.unmodifiableMap(new LinkedHashMap<>(validation));
    if (!steps.containsKey(ONEMALL)) {
      throw new IllegalArgumentException(
          "final orders: expected '%s' among %s".formatted(ONEMALL, steps.keySet()));
    }
  }

  /** Chooses every step's weights on what {@code search} has seen. */
  public static FinalOrders choose(WeightSearch search, OrderConfig config) {
    Map<String, FinalOrder> steps = new LinkedHashMap<>();
    Map<String, Double> validation = new LinkedHashMap<>();
    List<Part> parts = new ArrayList<>();
    WeightSearch.Choice choice = null;
    for (Part part : Part.values()) {
      if (config.parts().has(part)) {
        parts.add(part);
        choice = search.choose(parts, 0);
        String name = name(parts);
        steps.put(name, choice.order());
        validation.put(name, choice.objective());
      }
    }
    if (choice == null) {
      throw new IllegalStateException("final orders: no part is switched on");
    }
    if (parts.size() > 1) {
      steps.remove(name(parts));
      validation.remove(name(parts));
    }
    steps.put(ONEMALL, choice.order().withExplore(config.explore()));
    validation.put(ONEMALL, choice.objective());
    return new FinalOrders(config.parts(), steps, validation);
  }

  private static String name(List<Part> parts) {
    return String.join("_", parts.stream().map(Part::key).toList());
  }

  /** Reads {@link #write}. */
  public static FinalOrders read(Path file) throws IOException {
    return JsonFile.read(file, FinalOrders.class);
  }

  /** Writes it as JSON. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }

  /** The order that evaluate and serve rank by. */
  public FinalOrder onemall() {
    FinalOrder order = steps.get(ONEMALL);
    if (order == null) {
      throw new IllegalStateException("final orders: no '" + ONEMALL + "'");
    }
    return order;
  }
}
