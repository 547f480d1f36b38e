/**
 * In: for every request, what each model scores, what the user had bought before and what they
 * bought then. Out: HR and NDCG per item and per SID with intervals over users, the chosen final
 * order, what each of its parts contributes, and the frontier between repeats and new products.
 *
 * <p>Nothing here knows how scores are made. Wiring, request by request, from any number of threads
 * (one {@link Evaluator.Worker} each; results don't depend on how many):
 *
 * <pre>{@code
 * // validation: choose the final orders
 * WeightSearch search = new WeightSearch(config, scenario, validation.size(), threads);   // or Draw.rows(...) of them
 * Candidates candidates = new Candidates();
 * for (int row = 0; row < validation.size(); row++) {
 *   fill(candidates, validation.get(row));                // below
 *   search.add(row, validation.get(row), candidates);
 * }
 * FinalOrders orders = FinalOrders.choose(search, config);
 *
 * // test: measure
 * Evaluator evaluator = new Evaluator(config, orders, test, new Evaluator.Others(List.of("tower"), baselines), background, row -> offered(row), seed);
 * Evaluator.Worker worker = evaluator.worker();
 * for (int row = 0; row < test.size(); row++) {
 *   fill(candidates, test.get(row));
 *   worker.candidates(row, candidates);                   // generator ... onemall, frontier, samples
 *   worker.scores(row, "item_knn", scoresOfAllItems);     // each baseline
 *   evaluator.accuracy(row, correctPerLevel, targets);    // teacher-forced, or one call per batch
 * }
 * evaluator.result().write(out);                          // evaluation.json
 *
 * // fill: one request's candidates
 * candidates.clear();
 * for (int b = 0; b < beams; b++) candidates.addSid(items, from[b], to[b], logProbability[b]);
 * for (int t = 0; t < history; t++) candidates.addHistory(item[t], copyHistory[t]);   // -inf past the window
 * for (int n = 0; n < neighbours; n++) candidates.addNeighbour(item[n], copyNeighbour[n]);
 * candidates.fill(Part.TOWER, item -> towerScore(item));
 * candidates.fill(Part.MEMORY, item -> knn[item]);
 * candidates.fill(Part.FREQUENCY, item -> frequency[item]);
 * candidates.complete(gate[0], gate[1], gate[2], config.sharedSid());
 * }</pre>
 *
 * Serving ranks with the same {@link Candidates} and the {@link FinalOrder} of {@code
 * evaluation.json}.
 */
@NullMarked
package org.onemall.evaluate;

import org.jspecify.annotations.NullMarked;
import org.onemall.order.Candidates;
import org.onemall.order.FinalOrder;
