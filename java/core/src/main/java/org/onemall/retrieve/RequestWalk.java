package org.onemall.retrieve;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.onemall.offer.Assortment;
import org.onemall.order.Candidates;
import org.onemall.order.JudgedRequest;
import org.onemall.sample.Query;
import org.onemall.sample.Requests;
import org.onemall.shop.Behavior;

/** Walks stored requests through retrieval, in batches and in order. */
public final class RequestWalk {
  private final RetrievalTables tables;
  private final int[] rows;
  private final int batch;
  private final IntConsumer done;

  /** Takes the candidates of the request in one place of the walk, counted from 0. */
  @FunctionalInterface
  public interface Sink {
    void accept(int place, Candidates candidates, float[] tower, Assortment offered);
  }

  /** Looks at the rows of a batch before they are retrieved. */
  @FunctionalInterface
  public interface Before {
    void batch(int firstPlace, int[] rows);
  }

  /**
   * @param rows of the requests table
   * @param batch requests that are decoded together
   * @param done hears how many more are done
   */
  public RequestWalk(RetrievalTables tables, int[] rows, int batch, IntConsumer done) {
    this.tables = tables;
    this.rows = rows.clone();
    this.batch = batch;
    this.done = done;
  }

  /** The requests with what is known of them, to be judged by. */
  public List<JudgedRequest> judged(Behavior targetBehavior) {
    Requests requests = tables.requests();
    return Arrays.stream(rows)
        .mapToObj(row ->
            new JudgedRequest(
                requests.request(row),
                requests.user(row),
                requests.timeMs(row),
                tables.tables().query(row).distinct(targetBehavior),
                requests.targets(row)))
        .toList();
  }

  /** What could be retrieved in one place of the walk. */
  public Assortment offered(int place) {
    return tables.assortments().at(tables.requests().timeMs(rows[place]));
  }

  /** Retrieves all requests. */
  public void retrieve(Retrieval retrieval, Memory memory, Before before, Sink sink) {
    for (int start = 0; start < rows.length; start += batch) {
      int first = start;
      int[] part = Arrays.copyOfRange(rows, start, Math.min(rows.length, start + batch));
      before.batch(first, part);
      List<Query> queries = tables.tables().queries(part);
      retrieval.retrieve(
          queries,
          memory,
          (query, candidates, tower, offered) ->
              sink.accept(first + query, candidates, tower, offered));
      done.accept(part.length);
    }
  }
}
