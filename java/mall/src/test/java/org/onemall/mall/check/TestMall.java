package org.onemall.mall.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onemall.mall.Mall;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.LeafRows;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldParameters;

/** A world between tiny and small that tests of statistics share; made once, removed at the end. */
public final class TestMall {
  static final WorldParameters PARAMETERS = new WorldParameters(1_500, 8, 1_200, 900, 400, 200, 2);
  private static @Nullable TestMall made;

  public final Path folder;
  public final World world = new World(PARAMETERS);
  final LogWithTruth log;
  final CheckReport report;

  private TestMall() throws IOException {
    folder = Files.createTempDirectory("mall");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
    Mall.generate(PARAMETERS, folder, 2);
    log = LogWithTruth.read(folder, PARAMETERS.days(), PARAMETERS.users());
    report = WorldCheck.of(PARAMETERS, folder);
  }

  public static synchronized TestMall get() throws IOException {
    TestMall mall = made;
    if (mall == null) {
      mall = new TestMall();
      made = mall;
    }
    return mall;
  }

  static void remove(Path folder) {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<DayOffer> days() {
    LeafRows productsByLeaf = world.products.leaves();
    LeafRows videos = world.videoLeaves();
    return Stream.iterate(0, d -> d < PARAMETERS.days(), d -> d + 1)
        .map(d -> new DayOffer(world, productsByLeaf, videos, d))
        .toList();
  }
}
