package org.onemall.orchestrator.stages;

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
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.represent.ItemRepresentation;
import org.onemall.represent.RepresentConfig;
import org.onemall.represent.Represented;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.semanticid.Churn;
import org.onemall.semanticid.CodeDistances;
import org.onemall.semanticid.ItemLabels;
import org.onemall.semanticid.NeighbourHits;
import org.onemall.semanticid.NextPairs;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIdConfig;
import org.onemall.semanticid.SidCoder;
import org.onemall.semanticid.SidTree;
import org.onemall.semanticid.Staying;
import org.onemall.semanticid.Validity;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.table.TimedVectors;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;

/** Measures Semantic IDs for the scorecard. */
public final class SidMeasures {
  private final StageContext context;
  private final Coders coders;
  private final TimedVectors rows;
  private final Validity validity;
  private final boolean[] known;
  private final Periods periods;
  private final boolean[] counted;
  private final String population;

  SidMeasures(StageContext context, Coders coders, TimedVectors rows, Validity validity)
      throws IOException {
    this.context = context;
    this.coders = coders;
    this.rows = rows;
    this.validity = validity;
    known = KnownVectors.among(rows, context, context.scenario(), context.allocator());
    periods = Periods.read(context.file(Artefact.PERIODS));
    counted = new boolean[rows.rows()];
    population =
        switch (context.scenario()) {
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
  Scorecard scorecard(SidCoder.Coded coded, int[][] after) throws IOException {
    int[] sizes = coders.coder().sizes();
    try (TimedVectors some = rows.where(counted, context.allocator())) {
      Scorecard scorecard =
          Scorecard.of(
              sizes, counted(coded.codes()), counted(after), some.vectors(), context.threads());
      SemanticIdConfig.Measures measures = context.config().semanticid().scorecard();
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
        context.file(Artefact.INTERACTIONS),
        validity,
        measures,
        periods.validationFromMs(),
        periods.testFromMs(),
        Seeds.of(context.seed(), "scorecard pairs"),
        context.allocator());
  }

  private NeighbourHits hits(
      Tensor vectors, int[][] codes, NextPairs pairs, SemanticIdConfig.Measures measures) {
    return NeighbourHits.of(vectors, codes, validity, pairs, measures.cutoffs(), context.threads());
  }

  private Scorecard.Figures other(Tensor some) throws IOException {
    try (TimedVectors seen = rows.where(known, context.allocator())) {
      return figures(coders.withOther(seen.vectors()), some);
    }
  }

  /** Of vectors, each by the codes that it would have on its own. */
  private Scorecard.Figures figures(SidCoder coder, Tensor vectors) {
    int count = Math.toIntExact(vectors.dim(0));
    Staying never = new Staying(Validity.always(new int[count]), 0);
    try (SidCoder.Coded coded = coder.code(vectors, never)) {
      return Scorecard.figures(coder.sizes(), coded.codes(), vectors, context.threads());
    }
  }

  private List<Scorecard.Mixture> mixtures(NextPairs pairs, SemanticIdConfig.Measures measures)
      throws IOException {
    boolean mixed =
        switch (context.scenario()) {
          case PRODUCT_CARD -> true;
          case SHORT_VIDEO, LIVE_STREAMING -> false;
        };
    List<Scorecard.Mixture> found = new ArrayList<>();
    if (!mixed || measures.mixtures().isEmpty()) {
      return found;
    }
    BufferAllocator allocator = context.allocator();
    CatalogueItems items = CatalogueItems.read(context.file(Artefact.ITEMS), allocator);
    try (Tensor embeddings = VectorTable.read(context.file(Artefact.ITEM_EMBEDDINGS), allocator);
        Tensor towers = VectorTable.read(context.file(Artefact.TOWER_EMBEDDINGS), allocator)) {
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
    try (TimedVectors seen = vectors.where(known, context.allocator())) {
      coder = coders.kmeans(seen.vectors());
    }
    try (SidCoder.Coded coded = coder.code(vectors.vectors(), new Staying(validity, 0))) {
      return new Scorecard.Mixture(
          weights.get(0),
          weights.get(1),
          Scorecard.figures(coder.sizes(), coded.codes(), vectors.vectors(), context.threads()),
          hits(vectors.vectors(), coded.codes(), pairs, measures));
    }
  }

  /** Of rooms: as they move, as the settings let them stay, and as they were at their start. */
  private Map<String, Churn> churn() {
    Map<String, Churn> churn = new TreeMap<>();
    switch (context.scenario()) {
      case PRODUCT_CARD, SHORT_VIDEO -> {}
      case LIVE_STREAMING -> {
        churn.put("moving", churn(0));
        churn.put("frozen", churn(1));
        @Nullable Double hysteresis = context.config().semanticid().hysteresis();
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
  SidTree tree(int[][] codes, double[] distances) throws IOException {
    int[] at = countedRows();
    int[] items = IntStream.of(at).map(row -> rows.item()[row]).toArray();
    ItemLabels labels =
        ItemLabels.read(
            context.file(Artefact.ITEMS),
            item -> Arrays.binarySearch(items, item) >= 0,
            context.allocator());
    return SidTree.of(
        context.scenario().key(),
        population,
        coders.coder().sizes(),
        counted(codes),
        items,
        IntStream.of(at).mapToDouble(row -> distances[row]).toArray(),
        labels);
  }
}
