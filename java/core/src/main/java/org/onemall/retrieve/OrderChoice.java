package org.onemall.retrieve;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.order.OrderConfig;
import org.onemall.order.WeightSearch;
import org.onemall.shop.Period;
import org.onemall.statistics.Draw;

/** Retrieves for validation requests and chooses the final orders on what came of it. */
public final class OrderChoice {
  private OrderChoice() {}

  /** The rows of the requests table that orders are chosen on. */
  public static int[] rows(RetrievalTables tables, OrderConfig config, long seed) {
    int[] all = tables.requests().rows(Period.VALIDATION);
    return Arrays.stream(Draw.rows(all.length, config.tuneRequests(), seed))
        .map(i -> all[i])
        .toArray();
  }

  /**
   * Chooses.
   *
   * @param retriever whose weights know nothing of the validation period
   * @param memory that knows nothing of it either
   * @param done hears how many more requests are done
   */
  public static FinalOrders choose(
      RetrievalTables tables,
      Retriever retriever,
      Memory memory,
      OrderConfig config,
      int[] rows,
      int threads,
      IntConsumer done) {
    RequestWalk walk = new RequestWalk(tables, rows, config.batch(), done);
    List<JudgedRequest> requests = walk.judged(retriever.card().sample().targetBehavior());
    WeightSearch search =
        new WeightSearch(config, retriever.card().scenario(), rows.length, threads);
    try (Retrieval retrieval = retriever.search(config, threads)) {
      walk.retrieve(
          retrieval,
          memory,
          (first, part) -> {},
          (place, candidates, tower, offered) ->
              search.add(place, requests.get(place), candidates));
    }
    return FinalOrders.choose(search, config);
  }
}
