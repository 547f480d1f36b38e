package org.onemall.mall;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
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
  public static Summary generate(WorldParameters parameters, Path folder, int threads)
      throws IOException {
    WorldFolder target = new WorldFolder(folder);
    target.start(parameters);
    Duration before = cpu();
    World world = new World(parameters);
    int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    Tally tally = new Tally();
    try (BufferAllocator allocator = new RootAllocator()) {
      CatalogueTables catalogue = new CatalogueTables(world, target, allocator);
      catalogue.items();
      catalogue.users();
      catalogue.roomStates();
      new TruthTables(world, target, allocator).write();
      new Mall(world, workers).days(new DayTables(world, target, allocator, tally));
    }
    Summary summary = Summary.of(world, tally, cpu().minus(before));
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
    CheckReport report = Checks.of(parameters, folder);
    new WorldFolder(folder).json("truth/checks.json", report.json());
    return report.lines();
  }

  /** CPU time of this process so far. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void days(DayTables tables) throws IOException {
    WorldParameters parameters = world.parameters;
    LeafRows products = world.catalogue.leaves();
    LeafRows videos = world.videoLeaves();
    List<Walk> walks = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads);
        Progress progress = Progress.start("mall", (long) parameters.days() * parameters.users())) {
      for (int d = 0; d < parameters.days(); d++) {
        Day day = new Day(world, products, videos, d);
        while (walks.size() < threads) {
          walks.add(new Walk(world, states, day));
        }
        DayRows[] groups = walk(pool, walks, day, progress);
        tables.write(day, groups, d >= parameters.days() - DAYS_WITH_STATES);
      }
    }
  }

  /** All users' day; the rows of group g hold the users from g * {@value #GROUP} on. */
  private DayRows[] walk(ExecutorService pool, List<Walk> walks, Day day, Progress progress)
      throws IOException {
    int users = world.parameters.users();
    DayRows[] groups = new DayRows[Math.ceilDiv(users, GROUP)];
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Walk walk : walks) {
      running.add(
          pool.submit(() -> {
            for (int g = next.getAndIncrement(); g < groups.length; g = next.getAndIncrement()) {
              int end = Math.min(users, (g + 1) * GROUP);
              groups[g] = walkGroup(walk, day, g * GROUP, end);
              synchronized (progress) {
                progress.step(end - g * GROUP);
              }
            }
          }));
    }
    for (Future<?> worker : running) {
      join(worker);
    }
    return groups;
  }

  private static DayRows walkGroup(Walk walk, Day day, int from, int to) {
    DayRows rows = new DayRows();
    for (int user = from; user < to; user++) {
      walk.walk(user, day, rows);
    }
    rows.trim();
    return rows;
  }

  private static void join(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (ExecutionException e) {
      throw new IOException("the mall could not be walked: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the mall was generated", e);
    }
  }
}
