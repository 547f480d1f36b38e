package org.onemall.orchestrator;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.onemall.ingest.Baskets;
import org.onemall.model.Behavior;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What several stages read, or report, in the same way. */
final class Inputs {
  private Inputs() {}

  /** All requests; for stages that read items, users and interactions. */
  static Baskets baskets(StageContext context, Behavior behavior) throws IOException {
    long users =
        TableReader.rows(TableSchema.USERS, context.input("users.arrow"), context.allocator());
    long items =
        TableReader.rows(TableSchema.ITEMS, context.input("items.arrow"), context.allocator());
    return Baskets.read(
        context.input("interactions.arrow"),
        behavior,
        Math.toIntExact(users),
        Math.toIntExact(items),
        context.allocator());
  }

  /** One line of metrics for a training step. */
  static void metric(StageContext context, long step, Map<String, Double> figures) {
    Map<String, Object> line = new HashMap<>(figures);
    line.put("step", step);
    context.metric(line);
  }
}
