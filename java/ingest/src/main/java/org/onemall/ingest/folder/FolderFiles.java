package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The files of a source folder that are read, and no others: a simulated world's truth lies beside
 * them.
 *
 * @param interactions in the order of their names
 * @param roomStates one file, or none
 */
public record FolderFiles(
    Path folder, Path items, Path users, List<Path> interactions, List<Path> roomStates) {
  private static final List<String> ENDINGS = List.of(".arrow", ".parquet");

  public FolderFiles {
    interactions = List.copyOf(interactions);
    roomStates = List.copyOf(roomStates);
  }

  /** Looks for the tables; what is missing, or there twice, is an {@link IOException}. */
  public static FolderFiles of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          "%s: no such folder (looked at %s); correct ingest.folder"
              .formatted(folder, folder.toAbsolutePath()));
    }
    return new FolderFiles(
        folder,
        needed(folder, "items"),
        needed(folder, "users"),
        interactions(folder.resolve("interactions")),
        table(folder, "room_states"));
  }

  private static Path needed(Path folder, String table) throws IOException {
    List<Path> found = table(folder, table);
    if (found.isEmpty()) {
      throw new IOException(
          "%s: expected %s.arrow or %s.parquet, found neither; see 'Your own data' in README"
              .formatted(folder, table, table));
    }
    return found.getFirst();
  }

  private static List<Path> table(Path folder, String table) throws IOException {
    List<Path> found =
        ENDINGS.stream()
            .map(ending -> folder.resolve(table + ending))
            .filter(Files::isRegularFile)
            .toList();
    if (found.size() > 1) {
      throw new IOException(
          "%s: expected one of %s, found both; remove one of them".formatted(folder, found));
    }
    return found;
  }

  private static List<Path> interactions(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> ENDINGS.stream().anyMatch(name(file)::endsWith))
            .sorted()
            .forEach(found::add);
      }
    }
    if (found.isEmpty()) {
      throw new IOException(
          folder + ": expected a folder with .arrow or .parquet files of events, found none");
    }
    return found;
  }

  private static String name(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  static boolean isParquet(Path file) {
    return name(file).endsWith(".parquet");
  }

  /** All of them. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(items, users));
    files.addAll(interactions);
    files.addAll(roomStates);
    return files;
  }
}
