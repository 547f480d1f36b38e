package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.sample.Assembler;
import org.onemall.sample.History;
import org.onemall.sample.Neighbours;
import org.onemall.sample.Popularity;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleTables;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.Availability;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.VectorTable;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/** The tables behind the retriever's batches, as training and evaluation share them. */
public final class RequestTables implements AutoCloseable {
  /** What a stage must read to assemble the retriever's batches. */
  static final List<Artefact> READS =
      List.of(
          Artefact.ITEMS,
          Artefact.INTERACTIONS,
          Artefact.ROOM_STATES,
          Artefact.PERIODS,
          Artefact.ITEM_NEIGHBOURS,
          Artefact.ITEM_FEATURES,
          Artefact.SEMANTIC_IDS,
          Artefact.REQUESTS,
          Artefact.ITEM_POPULARITY);

  /** Every item counts so much more than it was counted, in the prior of its codes. */
  private static final double PRIOR_SMOOTHING = 0.1;

  private final StageContext context;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Periods periods;
  private final SampleTables tables;
  private final SemanticIds sids;
  private final int[] kinds;
  private final Availability availability;
  private final int scenarios;
  private final Assortments assortments;

  RequestTables(StageContext context) throws IOException {
    this.context = context;
    BufferAllocator allocator = context.allocator();
    try {
      periods = Periods.read(context.file(Artefact.PERIODS));
      availability = Inputs.availability(context);
      int items = availability.items();
      History history = keep(History.read(context.file(Artefact.INTERACTIONS), items, allocator));
      tables =
          new SampleTables(
              history,
              keep(Requests.read(context.file(Artefact.REQUESTS), allocator)),
              keep(
                  Popularity.read(
                      context.file(Artefact.ITEM_POPULARITY),
                      periods.snapshots(),
                      items,
                      allocator)),
              keep(
                  Neighbours.read(
                      context.file(Artefact.ITEM_NEIGHBOURS),
                      periods.snapshots(),
                      items,
                      allocator)));
      sids = SemanticIds.read(context.file(Artefact.SEMANTIC_IDS), allocator);
      scenarios = availability.scenarios();
      assortments =
          new Assortments(
              sids, availability, context.scenario(), recent(tables.popularity()), PRIOR_SMOOTHING);
      kinds = new int[items];
      List<Scenario> order = List.of(Scenario.values());
      Arrays.setAll(kinds, item -> order.indexOf(availability.scenario(item)));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T table) {
    open.push(table);
    return table;
  }

  private static float[][] recent(Popularity popularity) {
    float[][] counts = new float[popularity.snapshots()][popularity.items()];
    for (int snapshot = 0; snapshot < counts.length; snapshot++) {
      for (int item = 0; item < counts[snapshot].length; item++) {
        counts[snapshot][item] = popularity.recent(snapshot, item);
      }
    }
    return counts;
  }

  Periods periods() {
    return periods;
  }

  History history() {
    return tables.history();
  }

  Requests requests() {
    return tables.requests();
  }

  SampleTables tables() {
    return tables;
  }

  SemanticIds sids() {
    return sids;
  }

  /** Items that were there before the test, the last that a retriever learns from. */
  int knownItems() throws IOException {
    return CatalogueItems.read(context.file(Artefact.ITEMS), context.allocator())
        .before(periods.testFromMs());
  }

  /** How many scenarios the items belong to. */
  int scenarios() {
    return scenarios;
  }

  Scenario scenario(int item) {
    return availability.scenario(item);
  }

  Assortments assortments() {
    return assortments;
  }

  /** A new assembler; each holds scratch of its own. */
  Assembler assembler() {
    return new Assembler(
        context.config().sample(),
        tables,
        assortments::codes,
        assortments::has,
        (time, snapshot, prefix, level, out, start) ->
            assortments.at(time).prior().fill(snapshot, prefix, level, out, start),
        sids.sizes());
  }

  /** Gives a retriever the catalogue: vectors, prices, scenarios. */
  void feedItems(Model model) throws IOException {
    BufferAllocator allocator = context.allocator();
    int items = history().items();
    try (Tensors features = new Tensors()) {
      features.put("vector", VectorTable.read(context.file(Artefact.ITEM_FEATURES), allocator));
      Tensor price = features.add("price", allocator, DType.FLOAT32, items);
      readPrices(price);
      Tensor kind = features.add("kind", allocator, DType.INT32, items);
      for (int item = 0; item < items; item++) {
        kind.setInt(item, kinds[item]);
      }
      model.feed("items", features);
    }
  }

  private void readPrices(Tensor price) throws IOException {
    try (TableReader reader =
        new TableReader(TableSchema.ITEMS, context.file(Artefact.ITEMS), context.allocator())) {
      long row = 0;
      while (reader.next()) {
        Float4Vector prices = (Float4Vector) reader.batch().getVector("price");
        for (int i = 0; i < prices.getValueCount(); i++) {
          price.setFloat(row++, prices.get(i));
        }
      }
    }
  }

  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure = new IllegalStateException("a table can't be closed", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
