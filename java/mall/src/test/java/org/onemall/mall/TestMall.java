package org.onemall.mall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A world between tiny and small that tests of statistics share; made once, removed at the end. */
final class TestMall {
  static final WorldParameters PARAMETERS = new WorldParameters(1_500, 8, 1_200, 900, 400, 200, 2);
  private static @Nullable TestMall made;

  final Path folder;
  final World world = new World(PARAMETERS);
  final Log log;
  final CheckReport report;

  private TestMall() throws IOException {
    folder = Files.createTempDirectory("mall");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
    Mall.generate(PARAMETERS, folder, 2);
    log = Log.read(folder, PARAMETERS.days(), PARAMETERS.users());
    report = Checks.of(PARAMETERS, folder);
  }

  static synchronized TestMall get() throws IOException {
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

  List<Day> days() {
    LeafRows products = world.catalogue.leaves();
    LeafRows videos = world.videoLeaves();
    return Stream.iterate(0, d -> d < PARAMETERS.days(), d -> d + 1)
        .map(d -> new Day(world, products, videos, d))
        .toList();
  }
}
