package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.bridge.PythonModels;
import org.onemall.model.Device;
import org.onemall.recommend.Recommendation;
import org.onemall.recommend.Recommender;
import org.onemall.run.Artefact;
import org.onemall.run.DurableFile;
import org.onemall.run.FinishedRun;
import org.onemall.run.Progress;
import org.onemall.run.RunFolder;
import org.onemall.shop.Scenario;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "recommend",
    description =
        "Recommends items of a finished run to its users, or to those of a file, as a table with"
            + " external ids, rank, score, Semantic ID and what brought each item.")
public final class RecommendVerb implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RecommendVerb.class);

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Folder of the run.")
  private Path run = Path.of("");

  @Option(
      names = "--users",
      paramLabel = "FILE",
      description =
          "External ids of users, one a line (default: all of the run). Who isn't in the run's log"
              + " gets what somebody without a past gets.")
  private @Nullable Path file;

  @Option(
      names = "--only",
      paramLabel = "FILE",
      description =
          "External ids of items, one a line: lists hold these alone, as many as are on offer.")
  private @Nullable Path only;

  @Option(
      names = "-k",
      paramLabel = "K",
      description = "Items of a list at most (default: ${DEFAULT-VALUE}).")
  private int count = 50;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "The moment, such as 2011-12-01 or 2011-12-01T08:30:00Z: nothing from it on is used"
              + " (default: just after the last event).")
  private @Nullable String at;

  @Option(
      names = "--scenario",
      paramLabel = "SCENARIO",
      description =
          "product_card, short_video or live_streaming (default: the only one, or product_card).")
  private @Nullable Scenario scenario;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The table: .parquet, .csv or .arrow.")
  private Path out = Path.of("");

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  private Device device = Device.AUTO;

  @Override
  public Integer call() throws IOException {
    if (count < 1) {
      throw wrong("-k: expected at least 1, found " + count);
    }
    String ending = RecommendationTable.ending(out);
    if (ending.isEmpty()) {
      throw wrong(
          "--out: expected a file that ends in one of %s, found %s"
              .formatted(RecommendationTable.ENDINGS, out));
    }
    Long moment = at == null ? null : moment(at);
    Scenario asked = scenario == null ? onlyScenario() : scenario;
    int threads = Runtime.getRuntime().availableProcessors();
    try (RootAllocator allocator = new RootAllocator();
        PythonModels models = PythonModels.start(Main.venv(), device, threads);
        Recommender recommender =
            Recommender.open(run, asked, moment, models, threads, allocator)) {
      List<String> named = file == null ? null : lines(file, "--users");
      int[] users =
          named == null
              ? IntStream.range(0, recommender.users().size()).toArray()
              : named.stream().mapToInt(recommender.users()::find).toArray();
      warn(recommender, users);
      write(recommender, users, named, wanted(recommender), ending, allocator);
      PrintWriter results = spec.commandLine().getOut();
      results.printf(
          "%s: %,d users, at most %d items of %s each, as of %s%n",
          out, users.length, count, asked.key(), Instant.ofEpochMilli(recommender.timeMs()));
      results.flush();
    }
    return 0;
  }

  private static void warn(Recommender recommender, int[] users) {
    if (recommender.knowsLater()) {
      LOG.warn(
          "the weights learned from events up to the run's test period, which are later than {}:"
              + " lists of that time look better than they would have been",
          Instant.ofEpochMilli(recommender.timeMs()));
    }
    long unknown = Arrays.stream(users).filter(user -> user < 0).count();
    if (unknown > 0) {
      LOG.warn(
          "{} of {} users aren't in the run's log; they get what somebody without a past gets",
          unknown,
          users.length);
    }
  }

  /** The items of {@code --only}; all without it. */
  private IntPredicate wanted(Recommender recommender) throws IOException {
    if (only == null) {
      return item -> true;
    }
    Set<String> named = new HashSet<>(lines(only, "--only"));
    Set<String> unknown = new HashSet<>(named);
    BitSet wanted = new BitSet();
    for (int item = 0; item < recommender.items().size(); item++) {
      String name = recommender.items().of(item);
      if (named.contains(name)) {
        wanted.set(item);
        unknown.remove(name);
      }
    }
    int offered = recommender.offered(wanted::get);
    if (offered == 0) {
      throw new IOException(
          "%s: expected items that are on offer at %s, found none among %d, of which %d aren't in the run's catalogue; correct the ids or --at"
              .formatted(
                  only, Instant.ofEpochMilli(recommender.timeMs()), named.size(), unknown.size()));
    }
    if (!unknown.isEmpty()) {
      LOG.warn(
          "{} of {} items of {} aren't in the run's catalogue", unknown.size(), named.size(), only);
    }
    return wanted::get;
  }

  /** Writes aside, then puts the whole table in place. */
  private void write(
      Recommender recommender,
      int[] users,
      @Nullable List<String> named,
      IntPredicate wanted,
      String ending,
      BufferAllocator allocator)
      throws IOException {
    Path target = out.toAbsolutePath();
    Files.createDirectories(target.getParent());
    DurableFile.replace(
        target,
        aside -> {
          try (RecommendationTable table = RecommendationTable.create(aside, ending, allocator);
              Progress progress = Progress.start("recommend: users", users.length)) {
            recommender.recommend(
                users,
                count,
                wanted,
                (place, list) -> {
                  String user =
                      named == null ? recommender.users().of(users[place]) : named.get(place);
                  for (Recommendation row : list) {
                    table.add(user, row);
                  }
                  progress.step(1);
                });
          }
        });
  }

  private Scenario onlyScenario() {
    List<Scenario> there =
        Arrays.stream(Scenario.values())
            .filter(each -> new FinishedRun(new RunFolder(run), each.key()).has(Artefact.ORDER))
            .toList();
    return there.isEmpty() ? Scenario.PRODUCT_CARD : there.getFirst();
  }

  private static List<String> lines(Path file, String option) throws IOException {
    try {
      return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (NoSuchFileException e) {
      throw new IOException(
          "%s: there is no such file; %s names one id a line".formatted(file, option), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": expected UTF-8 text, one id a line", e);
    }
  }

  private long moment(String text) {
    try {
      return text.matches("\\d{4}-\\d{2}-\\d{2}")
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
          : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException e) {
      throw wrong(
          "--at: expected a day such as 2011-12-01 or a moment such as 2011-12-01T08:30:00Z, found '%s'"
              .formatted(text));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
