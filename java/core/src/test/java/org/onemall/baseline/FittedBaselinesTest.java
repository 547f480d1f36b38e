package org.onemall.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.sample.History;
import org.onemall.sample.Query;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;

class FittedBaselinesTest {
  private final List<String> calls = new ArrayList<>();

  /** Stands for a network: looks at whole batches, and must be closed. */
  private final class Network implements FittedBaseline {
    private final String name;

    Network(String name) {
      this.name = name;
    }

    @Override
    public Scores batch(List<Query> queries) {
      calls.add(name + " looks at " + queries.size());
      long[] moments = queries.stream().mapToLong(Query::timeMs).toArray();
      return (query, scores) -> scores[0] = moments[query];
    }

    @Override
    public void close() {
      calls.add(name + " is closed");
    }
  }

  private Baseline baseline(String name, boolean learns) {
    return new Baseline() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public FittedBaseline fit(KnownShop shop) throws IOException {
        if (!learns) {
          throw new IOException(name + " has nothing to learn from");
        }
        return new Network(name);
      }
    };
  }

  private static KnownShop shop(RootAllocator allocator) {
    Baskets none = new Baskets(1, 1, new int[0], new int[0], new int[0], new long[0]);
    return new KnownShop(
        artefact -> {
          throw new IllegalStateException("no " + artefact);
        },
        none,
        Behavior.BUY,
        7,
        1,
        allocator);
  }

  @Test
  void eachLooksAtABatchOnceAndAnswersQueryByQuery() throws IOException {
    try (RootAllocator allocator = new RootAllocator();
        History nobody = History.of(1, List.of(), allocator)) {
      try (FittedBaselines all =
          new FittedBaselines(
              List.of(baseline("sasrec", true), baseline("tiger", true)), shop(allocator))) {
        assertThat(all.names()).containsExactly("sasrec", "tiger");
        Map<String, FittedBaseline.Scores> scores =
            all.batch(List.of(Query.of(nobody, 0, 3, -1), Query.of(nobody, 0, 5, -1)));
        float[] found = new float[1];
        scores.forEach((name, of) -> {
          of.fill(1, found);
          assertThat(found).as(name).containsExactly(5);
        });
        assertThatThrownBy(() -> all.get("markov"))
            .hasMessageContaining("expected one of [sasrec, tiger], found 'markov'");
      }
    }
    assertThat(calls)
        .containsExactly(
            "sasrec looks at 2", "tiger looks at 2", "sasrec is closed", "tiger is closed");
  }

  @Test
  void whereOneCannotLearnTheOthersAreClosed() {
    try (RootAllocator allocator = new RootAllocator()) {
      List<Baseline> baselines = List.of(baseline("sasrec", true), baseline("tiger", false));
      assertThatThrownBy(() -> new FittedBaselines(baselines, shop(allocator)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("tiger has nothing to learn from");
    }
    assertThat(calls).containsExactly("sasrec is closed");
  }
}
