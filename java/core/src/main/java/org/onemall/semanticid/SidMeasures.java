package org.onemall.semanticid;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.codebook.KnownVectors;
import org.onemall.represent.ItemRepresentation;
import org.onemall.represent.RepresentConfig;
import org.onemall.represent.Represented;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.table.TimedVectors;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;

/** Measures Semantic IDs for the scorecard. */
public final class SidMeasures {
  private final SidScope scope;
  private final SemanticIdConfig config;
  private final Coders coders;
  private final TimedVectors rows;
  private final Validity validity;
  private final boolean[] known;
  private final Periods periods;
  private final boolean[] counted;
  private final String population;

  /**
   * For the vectors of a scenario, which stay the caller's.
   *
   * @param validity when each holds
   */
  public SidMeasures(
      SidScope scope, SemanticIdConfig config, Coders coders, TimedVectors rows, Validity validity)
      throws IOException {
    this.scope = scope;
    this.config = config;
    this.coders = coders;
    this.rows = rows;
    this.validity = validity;
    known = KnownVectors.among(rows, scope.run(), scope.scenario(), scope.allocator());
    periods = Periods.read(scope.run().file(Artefact.PERIODS));
    counted = new boolean[rows.rows()];
    population =
        switch (scope.scenario()) {
          case PRODUCT_CARD, SHORT_VIDEO -> {
            Arrays.fill(counted, true);
            yield "all items";
          }
          case LIVE_STREAMING -> {
            long busiest = validity.busiest(periods.firstMs(), periods.lastMs());
            for (int row : validity.at(busiest)) {
              counted[row] = true;
            }
            yield "rooms on air at " + Instant.ofEpochMilli(busiest);
          }
        };
  }

  /** The rows that the figures count: a room is one item, at one moment. */
  private int[] countedRows() {
    return IntStream.range(0, counted.length).filter(row -> counted[row]).toArray();
  }

  /** Columns of the counted rows. */
  private int[][] counted(int[][] codes) {
    int[] at = countedRows();
    return Arrays.stream(codes)
        .map(level -> IntStream.of(at).map(row -> level[row]).toArray())
        .toArray(int[][]::new);
  }

  /**
   * Everything.
   *
   * @param after the codes that were given
   */
  public Scorecard scorecard(SidCoder.Coded coded, int[][] after) throws IOException {
    int[] sizes = coders.coder().sizes();
    try (TimedVectors some = rows.where(counted, scope.allocator())) {
      Scorecard scorecard =
          Scorecard.of(
              sizes, counted(coded.codes()), counted(after), some.vectors(), scope.threads());
      SemanticIdConfig.Measures measures = config.scorecard();
      Map<String, Scorecard.Figures> variants = new TreeMap<>();
      variants.put(Coders.name(coders.metadata().last()), scorecard.before());
      NextPairs pairs = measures == null ? null : pairs(measures);
      if (measures != null) {
        variants.put(Coders.name(coders.other()), other(some.vectors()));
      }
      return scorecard.with(
          new Scorecard.Details(
              population,
              coders.metadata().wanted(),
              CodeDistances.of(coded.distances(), known, rows.vectors()),
              variants,
              pairs == null || measures == null
                  ? null
                  : hits(rows.vectors(), after, pairs, measures),
              pairs == null || measures == null ? List.of() : mixtures(pairs, measures),
              churn()));
    }
  }

  private NextPairs pairs(SemanticIdConfig.Measures measures) throws IOException {
    return NextPairs.read(
        scope.run().file(Artefact.INTERACTIONS),
        validity,
        measures,
        periods.validationFromMs(),
        periods.testFromMs(),
        Seeds.of(scope.seed(), "scorecard pairs"),
        scope.allocator());
  }

  private NeighbourHits hits(
      Tensor vectors, int[][] codes, NextPairs pairs, SemanticIdConfig.Measures measures) {
    return NeighbourHits.of(vectors, codes, validity, pairs, measures.cutoffs(), scope.threads());
  }

  private Scorecard.Figures other(Tensor some) throws IOException {
    try (TimedVectors seen = rows.where(known, scope.allocator())) {
      return figures(coders.withOther(seen.vectors()), some);
    }
  }

  /** Of vectors, each by the codes that it would have on its own. */
  private Scorecard.Figures figures(SidCoder coder, Tensor vectors) {
    int count = Math.toIntExact(vectors.dim(0));
    Staying never = new Staying(Validity.always(new int[count]), 0);
    try (SidCoder.Coded coded = coder.code(vectors, never)) {
      return Scorecard.figures(coder.sizes(), coded.codes(), vectors, scope.threads());
    }
  }

  private List<Scorecard.Mixture> mixtures(NextPairs pairs, SemanticIdConfig.Measures measures)
      throws IOException {
    boolean mixed =
        switch (scope.scenario()) {
          case PRODUCT_CARD -> true;
          case SHORT_VIDEO, LIVE_STREAMING -> false;
        };
    List<Scorecard.Mixture> found = new ArrayList<>();
    if (!mixed || measures.mixtures().isEmpty()) {
      return found;
    }
    BufferAllocator allocator = scope.allocator();
    CatalogueItems items = CatalogueItems.read(scope.run().file(Artefact.ITEMS), allocator);
    try (Tensor embeddings =
            VectorTable.read(scope.run().file(Artefact.ITEM_EMBEDDINGS), allocator);
        Tensor towers = VectorTable.read(scope.run().file(Artefact.TOWER_EMBEDDINGS), allocator)) {
      for (List<Double> weights : measures.mixtures()) {
        RepresentConfig mixture = new RepresentConfig(weights.get(0), weights.get(1), null, null);
        try (Tensor features = ItemRepresentation.features(mixture, embeddings, towers, allocator);
            Represented cards = ItemRepresentation.cards(items, features, allocator)) {
          found.add(mixture(weights, cards.vectors(), pairs, measures));
        }
      }
    }
    return found;
  }

  private Scorecard.Mixture mixture(
      List<Double> weights,
      TimedVectors vectors,
      NextPairs pairs,
      SemanticIdConfig.Measures measures) {
    SidCoder coder;
    try (TimedVectors seen = vectors.where(known, scope.allocator())) {
      coder = coders.kmeans(seen.vectors());
    }
    try (SidCoder.Coded coded = coder.code(vectors.vectors(), new Staying(validity, 0))) {
      return new Scorecard.Mixture(
          weights.get(0),
          weights.get(1),
          Scorecard.figures(coder.sizes(), coded.codes(), vectors.vectors(), scope.threads()),
          hits(vectors.vectors(), coded.codes(), pairs, measures));
    }
  }

  /** Of rooms: as they move, as the settings let them stay, and as they were at their start. */
  private Map<String, Churn> churn() {
    Map<String, Churn> churn = new TreeMap<>();
    switch (scope.scenario()) {
      case PRODUCT_CARD, SHORT_VIDEO -> {}
      case LIVE_STREAMING -> {
        churn.put("moving", churn(0));
        churn.put("frozen", churn(1));
        @Nullable Double hysteresis = config.hysteresis();
        if (hysteresis != null && hysteresis > 0 && hysteresis < 1) {
          churn.put("hysteresis", churn(hysteresis));
        }
      }
    }
    return churn;
  }

  private Churn churn(double share) {
    try (SidCoder.Coded coded = coders.coder().code(rows.vectors(), new Staying(validity, share))) {
      return Churn.of(validity, coded.codes(), periods.firstMs(), periods.lastMs());
    }
  }

  /** The same rows as a tree to browse. */
  public SidTree tree(int[][] codes, double[] distances) throws IOException {
    int[] at = countedRows();
    int[] items = IntStream.of(at).map(row -> rows.item()[row]).toArray();
    ItemLabels labels =
        ItemLabels.read(
            scope.run().file(Artefact.ITEMS),
            item -> Arrays.binarySearch(items, item) >= 0,
            scope.allocator());
    return SidTree.of(
        scope.scenario().key(),
        population,
        coders.coder().sizes(),
        counted(codes),
        items,
        IntStream.of(at).mapToDouble(row -> distances[row]).toArray(),
        labels);
  }
}
