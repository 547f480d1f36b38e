package org.onemall.mall;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.mall.check.CheckReport;
import org.onemall.mall.check.WorldCheck;
import org.onemall.mall.picture.MallPictures;
import org.onemall.mall.policy.DayRows;
import org.onemall.mall.policy.SessionSimulator;
import org.onemall.mall.tables.CatalogueTables;
import org.onemall.mall.tables.DataCard;
import org.onemall.mall.tables.DayTables;
import org.onemall.mall.tables.GenerationSummary;
import org.onemall.mall.tables.ScenarioTotals;
import org.onemall.mall.tables.TruthTables;
import org.onemall.mall.tables.WorldFolder;
import org.onemall.mall.users.UserStates;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.LeafRows;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldParameters;
import org.onemall.parallel.Parallel;
import org.onemall.run.Progress;

/**
 * Generates a world into a folder: day by day, users in groups, any number of threads giving the
 * same bytes. In memory are the state of the users and the rows of one day.
 */
public final class Mall {
  private static final int GROUP = 256;
  private static final int DAYS_WITH_STATES = 2;

  private final World world;
  private final int threads;
  private final UserStates states;

  private Mall(World world, int threads) {
    this.world = world;
    this.threads = threads;
    states = new UserStates(world.parameters.users());
  }

  /** The parameters of the finished world in a folder; null where there is none. */
  public static @Nullable WorldParameters in(Path folder) throws IOException {
    WorldFolder.Manifest manifest = WorldFolder.manifest(folder);
    return manifest != null && manifest.format() == WorldFolder.FORMAT
        ? manifest.parameters()
        : null;
  }

  /**
   * Makes a world. A folder that holds anything but a mall is refused with an {@link IOException}
   * and left as it is; an earlier mall, finished or not, is replaced.
   *
   * @param threads 0 for all of the machine's
   */
  public static GenerationSummary generate(WorldParameters parameters, Path folder, int threads)
      throws IOException {
    WorldFolder target = new WorldFolder(folder);
    target.start(parameters);
    Duration before = cpu();
    World world = new World(parameters);
    int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    ScenarioTotals totals = new ScenarioTotals();
    try (BufferAllocator allocator = new RootAllocator()) {
      CatalogueTables openTables = new CatalogueTables(world, target, allocator);
      openTables.items();
      openTables.users();
      openTables.roomStates();
      new TruthTables(world, target, allocator).write();
      new Mall(world, workers).days(new DayTables(world, target, allocator, totals));
    }
    GenerationSummary summary = GenerationSummary.of(world, totals, cpu().minus(before));
    target.text("README.md", DataCard.of(parameters, summary));
    target.commit(parameters);
    return summary;
  }

  /**
   * Compares the finished world in a folder with its truth, says so in lines for a person, and
   * writes {@code truth/checks.json}.
   */
  public static List<String> check(Path folder) throws IOException {
    WorldParameters parameters = in(folder);
    if (parameters == null) {
      throw new IOException(folder + ": expected a finished mall, found none. Generate it first");
    }
    CheckReport report = WorldCheck.of(parameters, folder);
    new WorldFolder(folder).json("truth/checks.json", report.json());
    return report.lines();
  }

  /**
   * The pictures of the finished world in a folder, drawn when they are asked for.
   *
   * @throws IOException if there is none, which its {@code mall.json} decides
   */
  public static MallPictures pictures(Path folder) throws IOException {
    WorldParameters parameters = in(folder);
    if (parameters == null) {
      throw new IOException(
          "%s: expected a finished mall of this version, found no %s that says so. Generate it with 'onemall mall --out %s'"
              .formatted(folder, WorldFolder.MANIFEST, folder));
    }
    return new MallPictures(new World(parameters));
  }

  /** CPU time of this process so far. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void days(DayTables tables) throws IOException {
    WorldParameters parameters = world.parameters;
    LeafRows productsByLeaf = world.products.leaves();
    LeafRows videosByLeaf = world.videoLeaves();
    List<SessionSimulator> simulators = new ArrayList<>();
    try (Progress progress =
        Progress.start("mall", (long) parameters.days() * parameters.users())) {
      for (int d = 0; d < parameters.days(); d++) {
        DayOffer day = new DayOffer(world, productsByLeaf, videosByLeaf, d);
        while (simulators.size() < threads) {
          simulators.add(new SessionSimulator(world, states, day));
        }
        DayRows[] groups = simulate(simulators, day, progress);
        tables.write(day, groups, d >= parameters.days() - DAYS_WITH_STATES);
      }
    }
  }

  /** All users' day; the rows of group g hold the users from g * {@value #GROUP} on. */
  private DayRows[] simulate(List<SessionSimulator> simulators, DayOffer day, Progress progress) {
    int users = world.parameters.users();
    DayRows[] groups = new DayRows[Math.ceilDiv(users, GROUP)];
    Parallel.each(
        threads,
        groups.length,
        (worker, g) -> {
          int end = Math.min(users, (g + 1) * GROUP);
          groups[g] = simulateGroup(simulators.get(worker), day, g * GROUP, end);
          synchronized (progress) {
            progress.step(end - g * GROUP);
          }
        });
    return groups;
  }

  private static DayRows simulateGroup(SessionSimulator simulator, DayOffer day, int from, int to) {
    DayRows rows = new DayRows();
    for (int user = from; user < to; user++) {
      simulator.simulateDay(user, day, rows);
    }
    rows.trim();
    return rows;
  }
}
