package org.onemall.ingest.source;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Source files of one format, looked at before the database reads them, because its own messages
 * hide what is wrong: they are there, whole and of one shape.
 *
 * @param header column names in file order and {@code delimiter}, for CSV; else empty
 */
public record CheckedFiles(List<Path> paths, Format format, List<String> header, char delimiter) {
  public enum Format {
    CSV,
    JSON,
    PARQUET
  }

  private static final int TAIL_BYTES = 1 << 16;
  private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  public CheckedFiles {
    paths = List.copyOf(paths);
    header = List.copyOf(header);
  }

  /** Looks at every file; what cannot be read is an {@link IOException} that names it. */
  public static CheckedFiles check(List<Path> paths) throws IOException {
    Format format = format(paths.getFirst());
    List<String> header = List.of();
    char delimiter = ',';
    for (Path path : paths) {
      if (format(path) != format) {
        throw new IOException(
            "paths: expected files of one format (%s is %s), found %s; convert one of them"
                .formatted(paths.getFirst(), format, path));
      }
      checkThere(path);
      if (format == Format.PARQUET) {
        checkParquet(path);
        continue;
      }
      byte[] tail = isGzip(path) ? gzipTail(path) : tail(path, TAIL_BYTES);
      if (format == Format.JSON) {
        checkJsonEnd(path, tail);
        continue;
      }
      String first = firstLine(path);
      char found = delimiterOf(first);
      List<String> names = fields(first, found);
      if (header.isEmpty()) {
        header = names;
        delimiter = found;
      } else if (!header.equals(names)) {
        throw new IOException(
            "%s: expected the header of %s (%s), found %s"
                .formatted(path, paths.getFirst(), header, names));
      }
      checkCsvEnd(path, tail, delimiter, header.size());
    }
    return new CheckedFiles(paths, format, header, delimiter);
  }

  /** Looks at a text file of any ending: it is there and, where it is packed, whole. */
  public static void checkText(Path path) throws IOException {
    checkThere(path);
    if (isGzip(path)) {
      gzipTail(path);
    }
  }

  private static Format format(Path path) throws IOException {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    if (plain.endsWith(".csv") || plain.endsWith(".tsv")) {
      return Format.CSV;
    }
    if (plain.endsWith(".json") || plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
      return Format.JSON;
    }
    if (name.endsWith(".parquet")) {
      return Format.PARQUET;
    }
    throw new IOException(
        path
            + ": expected a name that ends in .csv, .tsv, .json, .jsonl, .ndjson (each also with"
            + " .gz) or .parquet");
  }

  private static boolean isGzip(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  private static void checkThere(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(
          "%s: no such file (looked at %s); correct its path in the config"
              .formatted(path, path.toAbsolutePath()));
    }
    if (!Files.isReadable(path)) {
      throw new IOException(path + ": not readable; check its permissions");
    }
    if (Files.size(path) == 0) {
      throw new IOException(path + ": the file is empty");
    }
  }

  private static void checkParquet(Path path) throws IOException {
    byte[] head = new byte[PARQUET_MAGIC.length];
    try (InputStream in = Files.newInputStream(path)) {
      in.readNBytes(head, 0, head.length);
    }
    if (!Arrays.equals(head, PARQUET_MAGIC)) {
      throw new IOException(path + ": expected Parquet, but it does not start with PAR1");
    }
    if (!Arrays.equals(tail(path, PARQUET_MAGIC.length), PARQUET_MAGIC)) {
      throw new IOException(
          path + ": cut off: a Parquet file must end with PAR1; copy or write it again");
    }
  }

  /** Unpacks the whole file once: only so does a damaged or cut one show. */
  private static byte[] gzipTail(Path path) throws IOException {
    byte[] chunk = new byte[TAIL_BYTES];
    byte[] before = new byte[0];
    byte[] last = new byte[0];
    long bytes = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), TAIL_BYTES)) {
      for (int n = in.readNBytes(chunk, 0, chunk.length);
          n > 0;
          n = in.readNBytes(chunk, 0, chunk.length)) {
        before = last;
        last = Arrays.copyOf(chunk, n);
        bytes += n;
      }
    } catch (EOFException e) {
      throw new IOException(
          "%s: cut off: the gz data end in the middle, after about %d unpacked bytes; copy or download it again"
              .formatted(path, bytes),
          e);
    } catch (ZipException e) {
      throw new IOException(
          "%s: not a readable gz file (%s, after about %d unpacked bytes); copy or download it again"
              .formatted(path, e.getMessage(), bytes),
          e);
    }
    byte[] tail = Arrays.copyOf(before, before.length + last.length);
    System.arraycopy(last, 0, tail, before.length, last.length);
    if (tail.length == 0) {
      throw new IOException(path + ": the file is empty (a gz of nothing)");
    }
    return tail;
  }

  private static byte[] tail(Path path, int length) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      long size = channel.size();
      channel.position(Math.max(0, size - length));
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, size));
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      return Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  private static String firstLine(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path);
        InputStream in = new BufferedInputStream(isGzip(path) ? new GZIPInputStream(file) : file)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.write(b);
      }
      return line.toString(StandardCharsets.UTF_8).strip().replace("\uFEFF", "");
    }
  }

  private static char delimiterOf(String header) {
    char best = ',';
    for (char candidate : new char[] {'\t', ';', '|'}) {
      if (fields(header, candidate).size() > fields(header, best).size()) {
        best = candidate;
      }
    }
    return best;
  }

  /** The fields of one CSV line, unquoted. */
  private static List<String> fields(String line, char delimiter) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == delimiter && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** A last line without a line end and with too few fields was cut in the middle. */
  private static void checkCsvEnd(Path path, byte[] tail, char delimiter, int columns)
      throws IOException {
    String text = new String(tail, StandardCharsets.UTF_8);
    if (text.endsWith("\n") || text.endsWith("\r")) {
      return;
    }
    String last = text.substring(text.lastIndexOf('\n') + 1);
    int found = fields(last, delimiter).size();
    if (found < columns) {
      throw new IOException(
          "%s: cut off: the last line has %d of %d fields and no line end ('%s'); copy or download it again"
              .formatted(path, found, columns, last));
    }
  }

  private static void checkJsonEnd(Path path, byte[] tail) throws IOException {
    String text = new String(tail, StandardCharsets.UTF_8).stripTrailing();
    if (!text.endsWith("}") && !text.endsWith("]")) {
      throw new IOException(
          "%s: cut off: expected JSON objects to the end, found '%s'; copy or download it again"
              .formatted(path, text.substring(text.lastIndexOf('\n') + 1)));
    }
  }
}
