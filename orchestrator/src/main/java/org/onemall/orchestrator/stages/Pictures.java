package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onemall.mall.Mall;
import org.onemall.mall.picture.MallPictures;
import org.onemall.model.PictureSource;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.tokenizer.PictureFolder;
import org.onemall.tokenizer.TokenizerConfig;

/** Where a run's pictures come from. */
public final class Pictures {
  private static final int MAX_BYTES = 32 << 20;
  private static final String FOLDER = "pictures";
  private static final String MALL = "mall.json";

  private Pictures() {}

  /** The source of the items' pictures; one without any where the config names no folder. */
  static PictureSource source(RunConfig config) {
    Path folder = folder(config);
    if (folder == null) {
      return path -> null;
    }
    return isMall(folder) ? new OfMall(folder) : new PictureFolder(folder, MAX_BYTES);
  }

  /** Whether a simulated mall lies there, whose pictures are drawn on demand. */
  static boolean isMall(Path folder) {
    return Files.isRegularFile(folder.resolve(MALL));
  }

  /** Looks at the mall when the first picture is asked for. */
  private static final class OfMall implements PictureSource {
    private final Path folder;
    private @Nullable MallPictures pictures;

    OfMall(Path folder) {
      this.folder = folder;
    }

    private synchronized MallPictures pictures() throws IOException {
      if (pictures == null) {
        pictures = Mall.pictures(folder);
      }
      return pictures;
    }

    @Override
    public byte[] read(String path) throws IOException {
      return pictures().jpeg(path);
    }
  }

  /** The files that the pictures are made from, where pictures are read. */
  static List<Path> files(RunConfig config) {
    Path folder = folder(config);
    if (folder == null || !config.tokenizer().encoder().reads(TokenizerConfig.Use.PICTURE)) {
      return List.of();
    }
    if (isMall(folder)) {
      return List.of(folder.resolve(MALL));
    }
    if (!Files.isDirectory(folder.resolve(FOLDER))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder.resolve(FOLDER))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": its pictures can't be listed: " + e, e);
    }
  }

  private static @Nullable Path folder(RunConfig config) {
    Path own = config.tokenizer().pictures();
    return own == null ? config.ingest().folder() : own;
  }
}
