package org.onemall.orchestrator.stages;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.Validity;
import org.onemall.shop.Availability;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.shop.RoomStates;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TimedVectors;

/** What several stages read, or report, in the same way. */
public final class Inputs {
  private Inputs() {}

  /** All requests; for stages that read items, users and interactions. */
  static Baskets baskets(StageContext context, Behavior behavior) throws IOException {
    long users =
        TableReader.rows(TableSchema.USERS, context.file(Artefact.USERS), context.allocator());
    return Baskets.read(
        context.file(Artefact.INTERACTIONS),
        behavior,
        Math.toIntExact(users),
        items(context),
        context.allocator());
  }

  /** Items of the catalogue. */
  static int items(StageContext context) throws IOException {
    return Math.toIntExact(
        TableReader.rows(TableSchema.ITEMS, context.file(Artefact.ITEMS), context.allocator()));
  }

  /** Items that were there before validation; for stages that read items and periods. */
  static int knownItems(StageContext context) throws IOException {
    return CatalogueItems.read(context.file(Artefact.ITEMS), context.allocator())
        .before(Periods.read(context.file(Artefact.PERIODS)).validationFromMs());
  }

  /** When items can be had; for stages that read items and room_states. */
  static Availability availability(StageContext context) throws IOException {
    return Availability.read(
        context.file(Artefact.ITEMS), context.file(Artefact.ROOM_STATES), context.allocator());
  }

  /** What the scenario offers over time, popular or not; for stages that also read semantic_ids. */
  static Assortments assortments(StageContext context) throws IOException {
    SemanticIds sids = SemanticIds.read(context.file(Artefact.SEMANTIC_IDS), context.allocator());
    return new Assortments(sids, availability(context), context.scenario(), new float[0][], 1);
  }

  /**
   * Which vectors were there before validation: those of items first seen before it, and of states
   * that rooms had before it; for stages that read items and periods.
   */
  static boolean[] known(StageContext context, TimedVectors rows) throws IOException {
    CatalogueItems items = CatalogueItems.read(context.file(Artefact.ITEMS), context.allocator());
    long split = Periods.read(context.file(Artefact.PERIODS)).validationFromMs();
    boolean[] known = new boolean[rows.rows()];
    for (int row = 0; row < known.length; row++) {
      long since =
          switch (context.scenario()) {
            case PRODUCT_CARD, SHORT_VIDEO -> items.firstSeenMs(rows.item()[row]);
            case LIVE_STREAMING -> rows.validFromMs()[row];
          };
      known[row] = since < split;
    }
    return known;
  }

  /** Likewise, at least one: what a codebook can be fitted to. */
  static boolean[] fitted(StageContext context, TimedVectors rows) throws IOException {
    boolean[] known = known(context, rows);
    for (boolean each : known) {
      if (each) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "expected at least one vector of %s that was there before validation, to fit a codebook to, found none of %d; see represent.json for the reasons, or begin validation later"
            .formatted(context.scenario().key(), rows.rows()));
  }

  /** The places of some items in the order in which they were first seen; ties keep theirs. */
  static int[] byFirstAppearance(StageContext context, int[] items) throws IOException {
    CatalogueItems catalogue =
        CatalogueItems.read(context.file(Artefact.ITEMS), context.allocator());
    int[] order = new int[items.length];
    Arrays.setAll(order, i -> i);
    IntArrays.stableSort(
        order,
        (a, b) -> Long.compare(catalogue.firstSeenMs(items[a]), catalogue.firstSeenMs(items[b])));
    return order;
  }

  /** When each vector holds; for stages that read the rooms' states. */
  static Validity validity(StageContext context, TimedVectors rows) throws IOException {
    return switch (context.scenario()) {
      case PRODUCT_CARD, SHORT_VIDEO -> Validity.always(rows.item());
      case LIVE_STREAMING -> {
        RoomStates states =
            RoomStates.read(context.file(Artefact.ROOM_STATES), context.allocator());
        long[] until = new long[rows.rows()];
        Arrays.setAll(
            until, row -> states.untilMs(states.at(rows.item()[row], rows.validFromMs()[row])));
        yield new Validity(rows.item(), rows.validFromMs(), until);
      }
    };
  }

  /** One line of metrics for a training step. */
  static void metric(StageContext context, long step, Map<String, Double> figures) {
    Map<String, Object> line = new HashMap<>(figures);
    line.put("step", step);
    context.metric(line);
  }
}
