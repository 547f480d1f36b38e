package org.onemall.retrieve;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.offer.Assortments;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.sample.Assembler;
import org.onemall.sample.History;
import org.onemall.sample.NeighbourTable;
import org.onemall.sample.Popularity;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleConfig;
import org.onemall.sample.SampleTables;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.Availability;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.ItemColumns;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;
import org.onemall.table.VectorTable;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * The tables behind a scenario's queries, as training, evaluation, bulk recommendations and serving
 * share them. Owns its off-heap columns.
 */
public final class RetrievalTables implements AutoCloseable {
  /** What they are read from. */
  public static final List<Artefact> READS =
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

  private final Artefacts artefacts;
  private final BufferAllocator allocator;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Periods periods;
  private final SampleTables tables;
  private final SemanticIds sids;
  private final int[] kinds;
  private final Availability availability;
  private final int scenarios;
  private final Assortments assortments;

  public RetrievalTables(Artefacts artefacts, Scenario scenario, BufferAllocator allocator)
      throws IOException {
    this.artefacts = artefacts;
    this.allocator = allocator;
    try {
      periods = Periods.read(artefacts.file(Artefact.PERIODS));
      availability = Availability.read(artefacts, allocator);
      int items = availability.items();
      tables =
          new SampleTables(
              readHistory(items), readRequests(), readPopularity(items), readNeighbours(items));
      sids = SemanticIds.read(artefacts.file(Artefact.SEMANTIC_IDS), allocator);
      scenarios = availability.scenarios();
      float[][] recent = recent(tables.popularity());
      assortments = new Assortments(sids, availability, scenario, recent, PRIOR_SMOOTHING);
      kinds = new int[items];
      List<Scenario> order = List.of(Scenario.values());
      Arrays.setAll(kinds, item -> order.indexOf(availability.scenario(item)));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private History readHistory(int items) throws IOException {
    return keep(History.read(artefacts.file(Artefact.INTERACTIONS), items, allocator));
  }

  private Requests readRequests() throws IOException {
    return keep(Requests.read(artefacts.file(Artefact.REQUESTS), allocator));
  }

  private Popularity readPopularity(int items) throws IOException {
    return keep(
        Popularity.read(
            artefacts.file(Artefact.ITEM_POPULARITY), periods.snapshots(), items, allocator));
  }

  private NeighbourTable readNeighbours(int items) throws IOException {
    return keep(
        NeighbourTable.read(
            artefacts.file(Artefact.ITEM_NEIGHBOURS), periods.snapshots(), items, allocator));
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

  public Periods periods() {
    return periods;
  }

  public History history() {
    return tables.history();
  }

  public Requests requests() {
    return tables.requests();
  }

  public SampleTables tables() {
    return tables;
  }

  public SemanticIds sids() {
    return sids;
  }

  /** What the scenario offers over time. */
  public Assortments assortments() {
    return assortments;
  }

  /** Items that were there before the test, the last that a retriever learns from. */
  int knownItems() throws IOException {
    return CatalogueItems.read(artefacts.file(Artefact.ITEMS), allocator)
        .before(periods.testFromMs());
  }

  /** How many scenarios the items belong to. */
  int scenarios() {
    return scenarios;
  }

  /** Width of the items' vectors. */
  int vectorWidth() throws IOException {
    return VectorTable.width(artefacts.file(Artefact.ITEM_FEATURES), allocator);
  }

  /** The scenario that an item belongs to. */
  public Scenario scenario(int item) {
    return availability.scenario(item);
  }

  /** A new assembler; each holds scratch of its own. */
  public Assembler assembler(SampleConfig config) {
    return new Assembler(
        config,
        tables,
        assortments::codes,
        assortments,
        (time, snapshot, prefix, level, out, start) ->
            assortments.at(time).prior().fill(snapshot, prefix, level, out, start),
        sids.sizes());
  }

  /** The items' vectors, FLOAT32 (items, width), row = item; they belong to the caller. */
  public Tensor vectors() throws IOException {
    return VectorTable.read(artefacts.file(Artefact.ITEM_FEATURES), allocator);
  }

  /** The items' prices. */
  public float[] prices() throws IOException {
    return ItemColumns.prices(artefacts.file(Artefact.ITEMS), allocator);
  }

  /** Gives a retriever the catalogue: vectors, prices, scenarios. */
  void feedItems(Model model) throws IOException {
    float[] prices = prices();
    try (Tensors features = new Tensors()) {
      features.put("vector", vectors());
      Tensor price = features.add("price", allocator, DType.FLOAT32, prices.length);
      Tensor kind = features.add("kind", allocator, DType.INT32, prices.length);
      for (int item = 0; item < prices.length; item++) {
        price.setFloat(item, prices[item]);
        kind.setInt(item, kinds[item]);
      }
      model.feed("items", features);
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
