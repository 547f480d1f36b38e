package org.onemall.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.offer.Offered;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.statistics.Estimate;

/**
 * A closer look at the lists of one length: the hit rate slice by slice and weighed by price, and
 * what the lists are like beyond accuracy.
 */
final class Detail {
  private static final String REVENUE = "revenue";

  private final Background background;
  private final List<JudgedRequest> requests;
  private final Slices slices;
  private final List<String> metrics = new ArrayList<>();
  private final Tally tally;
  private final Map<String, ListFigures> lists = new LinkedHashMap<>();

  /** {@code models} are those that are looked at. */
  Detail(Background background, List<JudgedRequest> requests, List<String> models) {
    this.background = background;
    this.requests = requests;
    slices = new Slices(background, requests);
    slices.all().forEach(slice -> metrics.add(slice.by() + " " + slice.name()));
    metrics.add(REVENUE);
    tally = new Tally(metrics, models, requests.size());
    models.forEach(model -> lists.put(model, new ListFigures(background, requests.size())));
  }

  /** Scratch of one thread. */
  Worker worker() {
    return new Worker();
  }

  /** Measures requests; one for each thread. */
  final class Worker {
    private final TopList top = new TopList(background.cutoff());
    private final double[] values = new double[metrics.size()];
    private final double[] totals = new double[metrics.size()];

    private Worker() {}

    /** Adds what {@code ranking} has just measured; nothing for a model that isn't looked at. */
    void add(
        int row, String model, Ranking ranking, int @Nullable [] list, float[] scores, int count) {
      ListFigures figures = lists.get(model);
      if (figures == null) {
        return;
      }
      Arrays.fill(values, 0);
      Arrays.fill(totals, 0);
      JudgedRequest request = requests.get(row);
      int[] ofRequest = slices.ofRequest(request);
      int[] targets = request.targets();
      for (int i = 0; i < targets.length; i++) {
        double hit = ranking.hit(i, background.cutoff());
        for (int slice : ofRequest) {
          add(slice, 1, hit);
        }
        add(slices.ofItem(targets[i]), 1, hit);
        add(metrics.size() - 1, Math.max(0, background.prices()[targets[i]]), hit);
      }
      tally.set(row, model, values, totals);
      top.of(list, scores, count);
      figures.add(row, top);
    }

    private void add(int metric, double weight, double hit) {
      values[metric] += weight * hit;
      totals[metric] += weight;
    }
  }

  /**
   * All figures.
   *
   * @param clusters number of the user of each request, dense from 0
   * @param baselines what the whole model is compared with
   * @param offered by row, what could be retrieved then
   */
  Evaluation.Detail result(
      Clusters clusters, List<String> baselines, IntFunction<Offered> offered) {
    Figures figures = tally.figures(clusters);
    List<Evaluation.Slice> found = new ArrayList<>();
    for (Slices.Slice slice : slices.all()) {
      String metric = slice.by() + " " + slice.name();
      Map<String, Estimate> byModel = figures.byModel(metric);
      if (!byModel.isEmpty()) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String baseline : baselines) {
          figures.compare(FinalOrders.ONEMALL, baseline, metric).ifPresent(comparisons::add);
        }
        found.add(
            new Evaluation.Slice(
                slice.by(), slice.name(), Math.round(tally.total(metric)), byModel, comparisons));
      }
    }
    int[] everOffered = everOffered(offered);
    Map<String, Evaluation.Lists> byModel = new LinkedHashMap<>();
    lists.forEach((model, of) -> byModel.put(model, of.result(everOffered)));
    return new Evaluation.Detail(
        background.cutoff(), everOffered.length, found, figures.byModel(REVENUE), byModel);
  }

  /** Each item is only looked for until it was seen once. */
  private int[] everOffered(IntFunction<Offered> offered) {
    int[] candidates = background.candidates();
    int unseen = candidates.length;
    for (int row = 0; row < requests.size() && unseen > 0; row++) {
      Offered now = offered.apply(row);
      int left = 0;
      for (int i = 0; i < unseen; i++) {
        int item = candidates[i];
        if (now.sid(item) < 0) {
          candidates[i] = candidates[left];
          candidates[left++] = item;
        }
      }
      unseen = left;
    }
    int[] seen = Arrays.copyOfRange(candidates, unseen, candidates.length);
    return IntStream.of(seen).sorted().toArray();
  }
}
