package org.onemall.mall.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.mall.world.WorldParameters;
import org.onemall.run.DurableFile;
import org.onemall.run.Sha256;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * The folder of a world. Each file is written aside and renamed; {@value #MANIFEST} is written last
 * and is the only commit point: without it there is no world, whatever else lies there.
 */
public final class WorldFolder {
  public static final String MANIFEST = "mall.json";

  /** Lies there while a world is being made, so that what a killed one left is known as ours. */
  static final String UNFINISHED = "mall.unfinished.json";

  /** Changes whenever the same parameters give another world. */
  public static final int FORMAT = 1;

  private static final int BUFFER = 1 << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final Path folder;
  private final Map<String, String> hashes = new TreeMap<>();

  public WorldFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * What {@value #MANIFEST} says.
   *
   * @param files SHA-256 of each, by its path in the folder
   */
  public record Manifest(int format, WorldParameters parameters, Map<String, String> files) {}

  /** Fills a table. */
  @FunctionalInterface
  interface Rows {
    void write(TableWriter table) throws IOException;
  }

  /** The finished world's manifest; null: there is no finished world here. */
  public static @Nullable Manifest manifest(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return JSON.readValue(Files.readString(file), Manifest.class);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: expected the parameters and hashes of a simulated mall, found %s. If this is no mall, give another folder; otherwise delete the file and generate again"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /** Makes the folder ready for a new world; one that holds something else is refused. */
  public void start(WorldParameters parameters) throws IOException {
    boolean ours =
        Files.exists(folder.resolve(MANIFEST)) || Files.exists(folder.resolve(UNFINISHED));
    if (!ours && Files.exists(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        Path found = inside.findFirst().orElse(null);
        if (found != null) {
          throw new IOException(
              "%s: expected an empty folder or an earlier mall (with %s), found '%s' in it. Nothing was changed; give another folder"
                  .formatted(folder, MANIFEST, found.getFileName()));
        }
      }
    }
    Files.createDirectories(folder);
    json(UNFINISHED, new Manifest(FORMAT, parameters, Map.of()));
    Files.deleteIfExists(folder.resolve(MANIFEST));
    empty(folder.resolve("interactions"));
    empty(folder.resolve("truth"));
    hashes.clear();
  }

  private static void empty(Path of) throws IOException {
    if (Files.exists(of)) {
      try (Stream<Path> inside = Files.walk(of)) {
        for (Path file : inside.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Writes a table whole. */
  void table(String path, TableSchema schema, BufferAllocator allocator, Rows rows)
      throws IOException {
    file(
        path,
        out -> {
          try (TableWriter table = new TableWriter(schema.schema(0), out, allocator)) {
            rows.write(table);
          }
        });
  }

  /** Writes a text file whole. */
  public void text(String path, String text) throws IOException {
    file(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a JSON file whole. */
  public void json(String path, Object value) throws IOException {
    text(path, JSON.writeValueAsString(value));
  }

  @FunctionalInterface
  private interface Filler {
    void fill(OutputStream out) throws IOException;
  }

  private void file(String path, Filler filler) throws IOException {
    Path target = folder.resolve(path);
    Files.createDirectories(target.toAbsolutePath().getParent());
    MessageDigest digest = Sha256.digest();
    DurableFile.replace(
        target,
        aside -> {
          OutputStream file = new BufferedOutputStream(Files.newOutputStream(aside), BUFFER);
          try (OutputStream out = new DigestOutputStream(file, digest)) {
            filler.fill(out);
          }
        });
    hashes.put(path, Sha256.hex(digest));
  }

  /** The commit: from here on the world is there. */
  public void commit(WorldParameters parameters) throws IOException {
    hashes.remove(UNFINISHED);
    Map<String, String> files = new TreeMap<>(hashes);
    json(MANIFEST, new Manifest(FORMAT, parameters, files));
    Files.deleteIfExists(folder.resolve(UNFINISHED));
  }
}
