package org.onemall.recommend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.KnownShop;
import org.onemall.model.Models;
import org.onemall.offer.Assortment;
import org.onemall.order.Candidates;
import org.onemall.order.FinalOrder;
import org.onemall.order.FinalOrders;
import org.onemall.order.Part;
import org.onemall.retrieve.Memory;
import org.onemall.retrieve.Retrieval;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.retrieve.RetrieverCard;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.run.FinishedRun;
import org.onemall.run.RunFolder;
import org.onemall.sample.Event;
import org.onemall.sample.History;
import org.onemall.sample.Query;
import org.onemall.shop.Baskets;
import org.onemall.shop.ExternalIds;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;

/**
 * Recommendations out of a finished run, in the final order that its evaluation measured: the whole
 * model with the weights that learned through validation, and memory that knows everything before
 * the moment at hand. One thread at a time; owns its tables and its network.
 */
public final class Recommender implements AutoCloseable {
  private final RetrievalTables tables;
  private final Retriever retriever;
  private final Retrieval retrieval;
  private final Memory memory;
  private final FinalOrder order;
  private final ExternalIds users;
  private final ExternalIds items;
  private final long timeMs;
  private final int snapshot;
  private final int batch;
  private final BufferAllocator allocator;

  /** Takes the list of the user in one place of those that were asked for, best item first. */
  @FunctionalInterface
  public interface Sink {
    void accept(int place, List<Recommendation> list) throws IOException;
  }

  /**
   * Opens a run.
   *
   * @param run its folder
   * @param timeMs the moment, in epoch milliseconds: nothing from it on is used, and what could be
   *     had then is recommended; null: just after the log's last event
   * @param threads of the beam search and of counting
   */
  public static Recommender open(
      Path run,
      Scenario scenario,
      @Nullable Long timeMs,
      Models models,
      int threads,
      BufferAllocator allocator)
      throws IOException {
    FinishedRun artefacts = new FinishedRun(new RunFolder(run), scenario.key());
    RetrievalTables tables = new RetrievalTables(artefacts, scenario, allocator);
    try {
      RetrieverCard card = RetrieverCard.read(artefacts.file(Artefact.RETRIEVER_CARD));
      // The seed says nothing: the weights are read.
      Retriever retriever = new Retriever(models, card, tables, 0, allocator);
      try {
        retriever.load(artefacts.file(Artefact.RETRIEVER));
        return new Recommender(artefacts, tables, retriever, timeMs, threads, allocator);
      } catch (IOException | RuntimeException e) {
        retriever.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private Recommender(
      Artefacts artefacts,
      RetrievalTables tables,
      Retriever retriever,
      @Nullable Long timeMs,
      int threads,
      BufferAllocator allocator)
      throws IOException {
    this.tables = tables;
    this.retriever = retriever;
    this.allocator = allocator;
    this.timeMs = timeMs == null ? tables.periods().lastMs() + 1 : timeMs;
    snapshot = tables.periods().snapshotOf(this.timeMs);
    users = ExternalIds.read(TableSchema.USERS, artefacts.file(Artefact.USERS), allocator);
    items = ExternalIds.read(TableSchema.ITEMS, artefacts.file(Artefact.ITEMS), allocator);
    FinalOrders orders = FinalOrders.read(artefacts.file(Artefact.ORDER));
    order = orders.onemall();
    batch = orders.search().batch();
    Baskets baskets = Baskets.read(artefacts, orders.memoryBehavior(), allocator);
    memory =
        Memory.fit(
            BaselineParameters.read(artefacts.file(Artefact.BASELINES)),
            new KnownShop(
                artefacts, baskets, orders.memoryBehavior(), this.timeMs, threads, allocator));
    retrieval = retriever.search(orders.search(), threads);
  }

  /** The users of the run's log. */
  public ExternalIds users() {
    return users;
  }

  /** The items of the run's catalogue. */
  public ExternalIds items() {
    return items;
  }

  /** The moment that is recommended for. */
  public long timeMs() {
    return timeMs;
  }

  /**
   * Whether the weights have seen events at or after the moment: they learned through the
   * validation period.
   */
  public boolean knowsLater() {
    return timeMs < tables.periods().testFromMs();
  }

  /**
   * Recommends to users of the log, by what it says of them before the moment; batch by batch, so
   * that any number of users fits.
   *
   * @param wanted dense ids; -1 stands for a user without a past
   * @param k items of a list at most
   */
  public void recommend(int[] wanted, int k, Sink sink) throws IOException {
    recommendFrom(whole -> whole, wanted, k, sink);
  }

  /**
   * Likewise, of some items alone; as many of them come back as there are, up to {@code k}.
   *
   * @param only whether an item, by dense id, may be in a list
   */
  public void recommend(int[] wanted, int k, IntPredicate only, Sink sink) throws IOException {
    recommendFrom(part(only), wanted, k, sink);
  }

  private void recommendFrom(UnaryOperator<Assortment> part, int[] wanted, int k, Sink sink)
      throws IOException {
    try (History nobody = History.of(items.size(), List.of(), allocator)) {
      for (int start = 0; start < wanted.length; start += batch) {
        int[] asked = Arrays.copyOfRange(wanted, start, Math.min(wanted.length, start + batch));
        List<Query> queries =
            Arrays.stream(asked)
                .mapToObj(user ->
                    user < 0
                        ? Query.of(nobody, 0, timeMs, snapshot)
                        : Query.of(tables.history(), user, timeMs, snapshot))
                .toList();
        List<List<Recommendation>> lists = lists(queries, k, part);
        for (int i = 0; i < asked.length; i++) {
          sink.accept(start + i, lists.get(i));
        }
      }
    }
  }

  /**
   * Recommends to a live user.
   *
   * @param events all that is known of the user, in order of time; only what was seen before the
   *     moment counts
   * @param k items of the list at most
   */
  public List<Recommendation> recommend(List<Event> events, int k) {
    return recommendFrom(whole -> whole, events, k);
  }

  /** Likewise, of some items alone. */
  public List<Recommendation> recommend(List<Event> events, int k, IntPredicate only) {
    return recommendFrom(part(only), events, k);
  }

  private List<Recommendation> recommendFrom(
      UnaryOperator<Assortment> part, List<Event> events, int k) {
    try (History own = History.of(items.size(), events, allocator)) {
      return lists(List.of(Query.of(own, 0, timeMs, snapshot)), k, part).getFirst();
    }
  }

  /** How many items of some are on offer at the moment. */
  public int offered(IntPredicate only) {
    return tables.assortments().at(timeMs).only(only).items();
  }

  /** All queries have the same moment, and so the same assortment. */
  private UnaryOperator<Assortment> part(IntPredicate only) {
    Assortment part = tables.assortments().at(timeMs).only(only);
    return whole -> part;
  }

  private List<List<Recommendation>> lists(
      List<Query> queries, int k, UnaryOperator<Assortment> part) {
    List<List<Recommendation>> lists = new ArrayList<>();
    retrieval.retrieve(
        queries,
        memory,
        part,
        (query, candidates, tower, offered) -> lists.add(list(candidates, offered, k)));
    return lists;
  }

  private List<Recommendation> list(Candidates candidates, Assortment offered, int k) {
    float[] scores = new float[candidates.count()];
    order.score(candidates, scores);
    Map<Part, double[]> parts = new EnumMap<>(Part.class);
    order
        .weights()
        .forEach((part, weight) -> {
          if (weight > 0) {
            parts.put(part, order.contribution(part, candidates));
          }
        });
    int[] best = candidates.best(scores, k);
    List<Recommendation> list = new ArrayList<>();
    int[] sid = new int[tables.sids().levels()];
    for (int place : best) {
      offered.index().codes(offered.sid(candidates.item(place)), sid);
      Map<Part, Double> added = new EnumMap<>(Part.class);
      parts.forEach((part, values) -> added.put(part, values[place]));
      list.add(
          new Recommendation(
              list.size() + 1,
              items.of(candidates.item(place)),
              scores[place],
              Arrays.stream(sid).boxed().toList(),
              sources(candidates, place),
              added));
    }
    return list;
  }

  private static List<Recommendation.Source> sources(Candidates candidates, int place) {
    List<Recommendation.Source> sources = new ArrayList<>();
    if (place < candidates.beamCount()) {
      sources.add(Recommendation.Source.GENERATOR);
    }
    if (candidates.inHistory(place)) {
      sources.add(Recommendation.Source.HISTORY);
    }
    if (candidates.isNeighbour(place)) {
      sources.add(Recommendation.Source.NEIGHBOUR);
    }
    return sources;
  }

  @Override
  public void close() {
    try (tables;
        retriever;
        memory;
        retrieval) {
      // Closed in this order's reverse: the search, the memory, the network, the tables.
    }
  }
}
