package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onemall.codebook.Centroids;
import org.onemall.codebook.CodebookConfig;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** Rooms that drift through a space of vectors, coded with and without hysteresis. */
class StayingTest {
  private static final int WIDTH = 6;
  private static final int LEVELS = 3;
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  /** Rooms with sessions of states 10 minutes apart; every vector is a small step from the last. */
  private record Drift(Validity validity, Tensor vectors) implements AutoCloseable {
    static Drift of(BufferAllocator allocator, long seed, int rooms) {
      Random random = new Random(seed);
      List<long[]> rows = new ArrayList<>();
      List<float[]> vectors = new ArrayList<>();
      for (int room = 0; room < rooms; room++) {
        long at = random.nextInt(100) * 60_000L;
        for (int session = random.nextInt(3); session >= 0; session--) {
          float[] vector = new float[WIDTH];
          for (int d = 0; d < WIDTH; d++) {
            vector[d] = (float) random.nextGaussian();
          }
          for (int state = 1 + random.nextInt(20); state > 0; state--) {
            rows.add(new long[] {room * 3L, at, at + 600_000});
            vectors.add(vector.clone());
            vector[random.nextInt(WIDTH)] += (float) random.nextGaussian() * 0.4f;
            at += 600_000;
          }
          at += (1 + random.nextInt(100)) * 60_000L;
        }
      }
      Tensor tensor = Tensor.allocate(allocator, DType.FLOAT32, rows.size(), WIDTH);
      for (int row = 0; row < rows.size(); row++) {
        tensor.copyFrom(vectors.get(row), (long) row * WIDTH);
      }
      return new Drift(
          new Validity(
              rows.stream().mapToInt(row -> (int) row[0]).toArray(),
              rows.stream().mapToLong(row -> row[1]).toArray(),
              rows.stream().mapToLong(row -> row[2]).toArray()),
          tensor);
    }

    @Override
    public void close() {
      vectors.close();
    }

    /** The rows that begin before a moment, of rooms that are known: the log as it was then. */
    Drift before(BufferAllocator allocator, long moment) {
      int[] rows =
          IntStream.range(0, validity.rows())
              .filter(row -> validity.fromMs()[row] < moment)
              .toArray();
      Tensor some = Tensor.allocate(allocator, DType.FLOAT32, rows.length, WIDTH);
      for (int i = 0; i < rows.length; i++) {
        some.copyFrom(vectors.toFloats((long) rows[i] * WIDTH, WIDTH), (long) i * WIDTH);
      }
      return new Drift(
          new Validity(
              IntStream.of(rows).map(row -> validity.item()[row]).toArray(),
              IntStream.of(rows).mapToLong(row -> validity.fromMs()[row]).toArray(),
              IntStream.of(rows)
                  .mapToLong(row -> validity.untilMs()[row])
                  .map(until -> until < moment ? until : Long.MAX_VALUE)
                  .toArray()),
          some);
    }
  }

  private SidCoder coder(Tensor vectors) {
    CodebookConfig config =
        new CodebookConfig(
            List.of(6, 6, 6),
            CodebookConfig.Last.KMEANS,
            20,
            1e-4,
            CodebookConfig.Start.KMEANS_PLUS_PLUS,
            new CodebookConfig.FsqConfig(6, 8, 1, 4, 0.1, 0));
    ResidualKMeans all = ResidualKMeans.fit(vectors, config, 1, 1, allocator, (_, _) -> {});
    return new SidCoder(
        new ResidualKMeans(all.levels().subList(0, 2)),
        new LastLevel.KMeansLevel(all.levels().get(2)),
        1,
        allocator);
  }

  private static double distance(float[] residual, Centroids level, int code) {
    double sum = 0;
    for (int d = 0; d < WIDTH; d++) {
      double difference = (double) residual[d] - level.values()[code * WIDTH + d];
      sum += difference * difference;
    }
    return sum;
  }

  /** The rule as one would write it for one room after the other. */
  private static int[][] naive(SidCoder coder, Drift drift, double share) {
    List<Centroids> levels = new ArrayList<>(coder.coarse().levels());
    levels.add(coder.last().values());
    int rows = drift.validity().rows();
    int[][] codes = new int[LEVELS][rows];
    for (int row = 0; row < rows; row++) {
      float[] residual = drift.vectors().toFloats((long) row * WIDTH, WIDTH);
      boolean follows =
          row > 0
              && drift.validity().item()[row - 1] == drift.validity().item()[row]
              && drift.validity().untilMs()[row - 1] == drift.validity().fromMs()[row];
      for (int level = 0; level < LEVELS; level++) {
        int best = 0;
        for (int code = 1; code < 6; code++) {
          if (distance(residual, levels.get(level), code)
              < distance(residual, levels.get(level), best)) {
            best = code;
          }
        }
        int before = follows ? codes[level][row - 1] : best;
        double now = distance(residual, levels.get(level), best);
        boolean better = now < (1 - share) * distance(residual, levels.get(level), before);
        codes[level][row] = better ? best : before;
        follows &= codes[level][row] == before;
        for (int d = 0; d < WIDTH; d++) {
          residual[d] -= levels.get(level).values()[codes[level][row] * WIDTH + d];
        }
      }
    }
    return codes;
  }

  private int[][] codes(SidCoder coder, Drift drift, double share) {
    try (SidCoder.Coded coded = coder.code(drift.vectors(), new Staying(drift.validity(), share))) {
      for (int row = 0; row < drift.validity().rows(); row++) {
        float[] left = drift.vectors().toFloats((long) row * WIDTH, WIDTH);
        List<Centroids> levels = new ArrayList<>(coder.coarse().levels());
        levels.add(coder.last().values());
        for (int level = 0; level < LEVELS; level++) {
          for (int d = 0; d < WIDTH; d++) {
            left[d] -= levels.get(level).values()[coded.codes()[level][row] * WIDTH + d];
          }
        }
        double squares = 0;
        for (float value : left) {
          squares += (double) value * value;
        }
        assertThat(coded.distances()[row]).isCloseTo(squares, within(1e-4));
      }
      return coded.codes();
    }
  }

  @Test
  void roomsKeepTheirCodesByTheRuleOfOneRoomAfterTheOther() {
    for (long seed = 1; seed <= 10; seed++) {
      try (Drift drift = Drift.of(allocator, seed, 12)) {
        SidCoder coder = coder(drift.vectors());
        for (double share : new double[] {0, 0.1, 0.5, 1}) {
          assertThat(Arrays.deepToString(codes(coder, drift, share)))
              .as("seed %d, share %s", seed, share)
              .isEqualTo(Arrays.deepToString(naive(coder, drift, share)));
        }
      }
    }
  }

  @Test
  void whatComesLaterChangesNoCode() {
    for (long seed = 1; seed <= 10; seed++) {
      try (Drift whole = Drift.of(allocator, seed, 12);
          Drift early = whole.before(allocator, 8_000_000)) {
        SidCoder coder = coder(early.vectors());
        for (double share : new double[] {0, 0.1, 0.5, 1}) {
          int[][] then = codes(coder, early, share);
          int[][] now = codes(coder, whole, share);
          int at = 0;
          for (int row = 0; row < whole.validity().rows(); row++) {
            if (whole.validity().fromMs()[row] < 8_000_000) {
              for (int level = 0; level < LEVELS; level++) {
                assertThat(then[level][at])
                    .as("seed %d, share %s, row %d, level %d", seed, share, row, level)
                    .isEqualTo(now[level][row]);
              }
              at++;
            }
          }
          assertThat(at).isBetween(1, whole.validity().rows() - 1);
        }
      }
    }
  }

  @Test
  void hysteresisReducesChurnAndFrozenRoomsAreAsAtTheirStart() {
    try (Drift drift = Drift.of(allocator, 3, 200)) {
      SidCoder coder = coder(drift.vectors());
      Validity validity = drift.validity();
      double[] shares = {0, 0.2, 0.5, 1};
      Churn[] churn = new Churn[shares.length];
      for (int i = 0; i < shares.length; i++) {
        int[][] codes = codes(coder, drift, shares[i]);
        churn[i] = Churn.of(validity, codes, 0, Long.MAX_VALUE / 2);
        for (int row = 1; i == 3 && row < validity.rows(); row++) {
          if (!validity.begins(row)) {
            for (int[] level : codes) {
              assertThat(level[row]).isEqualTo(level[row - 1]);
            }
          }
        }
      }
      int[][] moving = codes(coder, drift, 0);
      int[][] frozen = codes(coder, drift, 1);
      for (int row = 0; row < validity.rows(); row++) {
        if (validity.begins(row)) {
          assertThat(frozen[0][row]).isEqualTo(moving[0][row]);
          assertThat(frozen[2][row]).isEqualTo(moving[2][row]);
        }
      }
      for (int level = 0; level < LEVELS; level++) {
        for (int i = 1; i < shares.length; i++) {
          assertThat(churn[i].levels().get(level))
              .as("level %d, share %s", level, shares[i])
              .isLessThan(churn[i - 1].levels().get(level));
        }
      }
      assertThat(churn[0].rooms()).isEqualTo(churn[3].rooms()).isGreaterThan(200);
      assertThat(churn[3].levels()).containsOnly(0.0);
      assertThat(churn[3].sids()).isLessThan(churn[1].sids());
      assertThat(churn[0].states()).isEqualTo(validity.rows());
    }
    assertThatThrownBy(() -> new Staying(Validity.always(new int[1]), 1.5))
        .hasMessageContaining("expected 0 to 1, found 1.5");
  }

  @Test
  void anEventUsesTheSidThatWasValidThen() {
    try (Drift drift = Drift.of(allocator, 8, 30)) {
      Validity validity = drift.validity();
      int[][] codes = codes(coder(drift.vectors()), drift, 0.3);
      SemanticIds ids =
          SemanticIds.of(new int[] {6, 6, 6}, validity.item(), validity.fromMs(), codes);
      int[] sid = new int[LEVELS];
      for (int row = 0; row < validity.rows(); row++) {
        for (long moment : new long[] {validity.fromMs()[row], validity.untilMs()[row] - 1}) {
          ids.codes(validity.item()[row], moment, sid);
          assertThat(sid).containsExactly(codes[0][row], codes[1][row], codes[2][row]);
          assertThat(validity.at(validity.item()[row], moment)).isEqualTo(row);
          assertThat(IntStream.of(validity.at(moment))).contains(row);
        }
      }
      assertThat(ids.has(1)).isFalse();
      assertThat(validity.at(1, 5)).isEqualTo(-1);
    }
  }
}
