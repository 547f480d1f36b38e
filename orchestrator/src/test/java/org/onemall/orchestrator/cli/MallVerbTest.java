package org.onemall.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.mall.Mall;
import org.onemall.mall.world.WorldParameters;
import picocli.CommandLine;

class MallVerbTest {
  private static final WorldParameters WORLD = new WorldParameters(150, 2, 300, 200, 100, 60, 4);

  @TempDir Path folder;

  private final StringWriter results = new StringWriter();
  private final StringWriter usage = new StringWriter();

  private int execute(String... args) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(results, true)).setErr(new PrintWriter(usage, true));
    return command.execute(args);
  }

  private int mall(Path out, String... more) {
    String[] sizes = {
      "mall",
      "--out",
      out.toString(),
      "--users",
      "150",
      "--days",
      "2",
      "--products",
      "300",
      "--ecom-videos",
      "200",
      "--entertainment-videos",
      "100",
      "--authors",
      "60",
      "--seed",
      "4"
    };
    String[] args = java.util.Arrays.copyOf(sizes, sizes.length + more.length);
    System.arraycopy(more, 0, args, sizes.length, more.length);
    return execute(args);
  }

  @Test
  void makesAWorldOnceAndChecksIt() throws IOException {
    Path out = folder.resolve("mall");
    assertThat(mall(out, "--check")).isZero();
    assertThat(results.toString())
        .contains("exposures per CPU second", "rooms on air by hour", "oracle, Bayes filter");
    assertThat(Mall.in(out)).isEqualTo(WORLD);
    assertThat(out.resolve("truth/checks.json")).content().contains("\"item_knn\"");
    assertThat(out.resolve("README.md")).content().contains("150", "product_card", "duckdb");
    assertThat(mall(out)).isZero();
    assertThat(results.toString()).contains("is there already");
  }

  @Test
  void wrongUse() throws IOException {
    assertThat(mall(folder.resolve("mall"), "--threads", "-1")).isEqualTo(2);
    assertThat(execute("mall", "--out", folder + "/mall", "--users", "0")).isEqualTo(2);
    assertThat(usage.toString()).contains("--threads: expected 0", "users: expected 1 to");
    Files.writeString(folder.resolve("thesis.txt"), "years of work");
    assertThat(mall(folder)).isEqualTo(1);
  }

  @Test
  void aRunMakesItsMallFirstUnlessItIsDry() throws IOException {
    Path out = folder.resolve("mall");
    Path log = Files.writeString(folder.resolve("log.csv"), "user,item,time\na,x,2020-01-01\n");
    Path config =
        Files.writeString(
            folder.resolve("run.yaml"),
            """
            name: shop
            mall: {folder: %s, users: 150, days: 2, products: 300, ecom_videos: 200,
                   entertainment_videos: 100, authors: 60, seed: 4}
            ingest:
              paths: [%s]
              columns: {user: user, item: item, time: time}
              time_unit: text
              exclude_items: []
              minimum_user_requests: 1
              minimum_item_requests: 1
              maximum_broken_share: 0
              memory_limit: 100MB
            """
                .formatted(out, log));
    String run = folder.resolve("run").toString();
    assertThat(execute("run", config.toString(), "--out", run, "--dry-run")).isZero();
    assertThat(Mall.in(out)).isNull();
    execute("run", config.toString(), "--out", run, "--to", "ingest");
    assertThat(Mall.in(out)).isEqualTo(WORLD);
  }
}
