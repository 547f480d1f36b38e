package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.run.Artefact;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * What is fitted to what was known before a split doesn't know what comes after it: logs that are
 * equal up to a moment, and then go on with other users, items, titles and prices, give the same
 * bytes from ingest to the retriever's weights.
 */
class FutureTest {
  private static final String VALIDATION = "2025-04-10 23:00:00";
  private static final String TEST = "2025-04-24 23:00:00";
  private static final String END = "2025-05-08 23:00:00";

  @TempDir Path folder;

  @Test
  void whatIsFittedBeforeASplitIgnoresWhatComesAfter() throws Exception {
    Path shop = run("shop", log(END), "baseline");
    Periods periods = Periods.read(Runs.artefact(shop, Artefact.PERIODS.fileName()));

    Path otherTest = run("other_test", log(TEST), "baseline");
    sameBytes(
        shop,
        otherTest,
        Artefact.ITEM_PAIRS,
        Artefact.ITEM_NEIGHBOURS,
        Artefact.TOKENIZER,
        Artefact.TOKENIZER_CARD,
        Artefact.CODEBOOK,
        Artefact.FSQ,
        Artefact.ITEM_POPULARITY,
        Artefact.RETRIEVER_CHOSEN,
        Artefact.RETRIEVER,
        Artefact.TRAINING,
        Artefact.BASELINES);
    sameItems(shop, otherTest, periods.testFromMs());

    Path otherValidation = run("other_validation", log(VALIDATION), "semanticid");
    sameBytes(
        shop,
        otherValidation,
        Artefact.ITEM_PAIRS,
        Artefact.TOKENIZER,
        Artefact.TOKENIZER_CARD,
        Artefact.CODEBOOK,
        Artefact.FSQ);
    sameItems(shop, otherValidation, periods.validationFromMs());
    int snapshot = periods.snapshotOf(periods.validationFromMs());
    sameRows(
        shop,
        otherValidation,
        TableSchema.ITEM_NEIGHBOURS,
        Artefact.ITEM_NEIGHBOURS,
        of -> of <= snapshot);
  }

  private static void sameBytes(Path one, Path other, Artefact... artefacts) throws IOException {
    for (Artefact artefact : artefacts) {
      assertThat(Runs.artefact(other, artefact.fileName()))
          .as(artefact.fileName())
          .hasSameBinaryContentAs(Runs.artefact(one, artefact.fileName()));
    }
  }

  /** What the items are that were there before a moment; there are more, and other ones. */
  private static void sameItems(Path one, Path other, long moment) throws IOException {
    int known = known(one, moment);
    assertThat(known(other, moment)).isEqualTo(known);
    LongPredicate isKnown = item -> item < known;
    sameRows(one, other, TableSchema.ITEMS, Artefact.ITEMS, isKnown);
    for (Artefact vectors :
        List.of(Artefact.TOWER_EMBEDDINGS, Artefact.ITEM_EMBEDDINGS, Artefact.ITEM_FEATURES)) {
      sameRows(one, other, TableSchema.VECTORS, vectors, isKnown);
    }
    sameRows(one, other, TableSchema.ITEM_VECTORS, Artefact.ITEM_VECTORS, isKnown);
    sameRows(one, other, TableSchema.SEMANTIC_IDS, Artefact.SEMANTIC_IDS, isKnown);
  }

  private static int known(Path run, long moment) throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      CatalogueItems items =
          CatalogueItems.read(Runs.artefact(run, Artefact.ITEMS.fileName()), allocator);
      assertThat(items.before(moment)).isBetween(1, items.size() - 1);
      return items.before(moment);
    }
  }

  private static void sameRows(
      Path one, Path other, TableSchema table, Artefact artefact, LongPredicate first)
      throws IOException {
    List<String> rows = rows(one, table, artefact, first);
    assertThat(rows).as(artefact.fileName()).isNotEmpty();
    assertThat(rows(other, table, artefact, first)).as(artefact.fileName()).isEqualTo(rows);
  }

  /** The rows whose first column is wanted. */
  private static List<String> rows(
      Path run, TableSchema table, Artefact artefact, LongPredicate first) throws IOException {
    List<String> rows = new ArrayList<>();
    Path file = Runs.artefact(run, artefact.fileName());
    try (RootAllocator allocator = new RootAllocator();
        TableReader reader = new TableReader(table, file, allocator)) {
      while (reader.next()) {
        List<FieldVector> columns = reader.batch().getFieldVectors();
        BaseIntVector key = (BaseIntVector) columns.getFirst();
        IntStream.range(0, reader.batch().getRowCount())
            .filter(row -> first.test(key.getValueAsLong(row)))
            .mapToObj(row -> columns.stream().map(column -> column.getObject(row)).toList())
            .forEach(row -> rows.add(row.toString()));
      }
    }
    return rows;
  }

  private Path run(String name, List<String> log, String to) throws Exception {
    Path file = Files.write(folder.resolve(name + ".csv"), log);
    Path out = folder.resolve(name);
    int code =
        Jvm.onemall(
                "run",
                "tests/src/test/resources/story.yaml",
                "--out",
                out.toString(),
                "--set",
                "ingest.paths=[" + file + "]",
                "--to",
                to)
            .start()
            .waitFor();
    assertThat(code).isZero();
    return out;
  }

  /** A shop's log, which from a moment on is another shop's. */
  private static List<String> log(String moment) {
    List<String> lines = new ArrayList<>();
    lines.add("at,order,customer,sku,name,price,pieces");
    lines.add("2025-01-01 00:00:00,first,0,S0,mug,1.00,1");
    events(1, "").stream().filter(line -> line.compareTo(moment) < 0).forEach(lines::add);
    events(2, "x").stream().filter(line -> line.compareTo(moment) >= 0).forEach(lines::add);
    lines.add(END + ",last,0,S0,mug,1.00,1");
    return lines;
  }

  /**
   * Users with a taste for one of six groups of items; some items are new in validation, some in
   * the test.
   *
   * @param other what the orders, the users, the titles and every second item are called else
   */
  private static List<String> events(long seed, String other) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int user = 0; user < 150; user++) {
      int taste = random.nextInt(6);
      for (int order = random.nextInt(2, 8); order > 0; order--) {
        int day = random.nextInt(118);
        for (int line = 0; line < 4; line++) {
          int group = random.nextInt(10) < 8 ? taste : random.nextInt(6);
          int item = group + 6 * (int) (15 * Math.pow(random.nextDouble(), 2));
          if (day < item + 20) {
            item = group;
          }
          lines.add(
              "2025-%02d-%02d %d:00:00,%s%d-%d,%s%d,%sS%d,%s group %d number %d,%.2f,1"
                  .formatted(
                      1 + day / 28,
                      1 + day % 28,
                      10 + order,
                      other,
                      user,
                      order,
                      other,
                      user,
                      item % 2 == 0 ? other : "",
                      item,
                      other,
                      group,
                      item,
                      1 + item / 10.0 + other.length()));
        }
      }
    }
    return lines;
  }
}
