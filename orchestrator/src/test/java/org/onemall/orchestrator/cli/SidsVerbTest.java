package org.onemall.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.run.Recipe;
import org.onemall.run.RunFolder;
import org.onemall.run.StageWriter;
import org.onemall.semanticid.Churn;
import org.onemall.semanticid.CodeDistances;
import org.onemall.semanticid.NeighbourHits;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIds;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import picocli.CommandLine;

class SidsVerbTest {
  private final BufferAllocator allocator = new RootAllocator();

  @TempDir Path folder;

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  private final StringWriter results = new StringWriter();

  private int execute(String... args) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(results, true));
    return command.execute(args);
  }

  /** A run of four items that has got as far as its SIDs. */
  private Path run(String name, String title, int... codes) throws IOException {
    RunFolder run = new RunFolder(folder.resolve(name));
    StageWriter ingest = run.stage("01-ingest").writer(recipe("ingest"), "v");
    try (OutputStream out = ingest.create("items.arrow");
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < 4; item++) {
        writer.setInt(0, item).setString(1, "i").setString(2, "product_card");
        writer.setString(3, title + item).setNull(4).setFloat(5, 1).setNull(6).setLong(7, 0);
        writer.endRow();
      }
    }
    ingest.commit(List.of("items.arrow"), Map.of());
    StageWriter sids =
        run.stage("08-semanticid.product_card").writer(recipe("semanticid.product_card"), "v");
    int[] sizes = {3};
    try (OutputStream out = sids.create("semantic_ids.arrow")) {
      SemanticIds.of(sizes, new int[][] {codes}).write(out, allocator);
    }
    try (OutputStream out = sids.create("scorecard.json");
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 4, 2)) {
      scorecard(Scorecard.of(sizes, new int[][] {codes}, new int[][] {codes}, vectors, 1))
          .write(out);
    }
    List<String> writes = List.of("semantic_ids.arrow", "scorecard.json");
    sids.commit(writes, Map.of());
    return run.path();
  }

  private static Recipe recipe(String stage) {
    return new Recipe(stage, "settings", 1, List.of(), List.of());
  }

  private static Scorecard scorecard(Scorecard plain) {
    CodeDistances.Spread spread = new CodeDistances.Spread(4, .25, .1, .2, .25, .3, .4);
    NeighbourHits hits = new NeighbourHits(7, 3, List.of(new NeighbourHits.Rate(2, .75, .5, .125)));
    Churn churn =
        new Churn(10, List.of(.1, .3), List.of(new Churn.Hour(20, 10, List.of(.1, .3))), 9, 5);
    return plain.with(
        new Scorecard.Details(
            "all items",
            List.of(64),
            new CodeDistances(spread, spread),
            Map.of("res_kmeans", plain.before()),
            hits,
            List.of(new Scorecard.Mixture(1, .5, plain.before(), hits)),
            Map.of("moving", churn)));
  }

  @Test
  void showsEveryFigure() throws IOException {
    Path run = run("a", "mug ", 0, 0, 1, 2);
    assertThat(execute("sids", run.toString())).isZero();
    assertThat(results.toString())
        .contains("product_card")
        .contains("4 items (all items), codes per level [3] (the settings ask for [64])")
        .containsPattern("before conflict resolution +3 +50.0 % +66.7 %")
        .containsPattern("SID1 +3 +100.0 % +1.50 ")
        .containsPattern("came later +4 +0.2500 +10.0 %")
        .contains("@2 75.0 %, by SID 50.0 %, random 12.5 %")
        .contains("1.0 embedding + 0.5 tower, conflict 50.0 %")
        .contains(
            "churn an hour, moving: 10.0 % / 30.0 % of 10 rooms (5 Semantic IDs for 9 states)")
        .contains("20 h  10.0 % / 30.0 % of 10");
    assertThat(execute("sids", run.toString(), "--scenario", "live_streaming")).isEqualTo(1);
    assertThat(execute("sids", folder.resolve("none").toString())).isEqualTo(1);
  }

  @Test
  void comparesTwoCodebooks() throws IOException {
    Path before = run("a", "mug ", 0, 0, 1, 2);
    Path after = run("b", "mug ", 1, 1, 0, 0);
    assertThat(execute("sids", before.toString(), "--against", after.toString())).isZero();
    assertThat(results.toString())
        .contains("4 items have a Semantic ID in both")
        .containsPattern("SID1 +4 +100.0 % +1 +25.0 %")
        .contains("mug 3");
    Path other = run("c", "cup ", 1, 1, 0, 0);
    assertThat(execute("sids", before.toString(), "--against", other.toString())).isEqualTo(1);
  }
}
