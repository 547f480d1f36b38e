package org.onemall.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onemall.model.PictureSource;

/**
 * Pictures that lie in a folder as files. A path that leads out of the folder, by {@code ..} or by
 * a link, is refused; so is a file above a limit, before it is read.
 */
public final class PictureFolder implements PictureSource {
  private final Path folder;
  private final int maxBytes;

  public PictureFolder(Path folder, int maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  @Override
  public byte @Nullable [] read(String path) throws IOException {
    Path file = inside(path);
    if (file == null) {
      return null;
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(path + ": expected a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(maxBytes + 1);
      if (content.length > maxBytes) {
        throw new IOException(
            "%s: expected at most %,d bytes, found %,d"
                .formatted(path, maxBytes, Files.size(file)));
      }
      return content;
    }
  }

  /** The file itself, all links followed; null where there is none. */
  private @Nullable Path inside(String path) throws IOException {
    try {
      Path file = folder.resolve(path).toRealPath();
      if (!file.startsWith(folder.toRealPath())) {
        throw new IOException(path + ": expected a path inside the folder of the pictures");
      }
      return file;
    } catch (NoSuchFileException e) {
      return null;
    } catch (InvalidPathException e) {
      throw new IOException("a path that no file can have: " + e.getReason(), e);
    }
  }
}
