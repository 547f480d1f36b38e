package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableSchema;

/** Rows of an Arrow IPC file. */
final class ArrowRowReader extends RowReader {
  private final ArrowFileReader reader;
  private final VectorSchemaRoot root;
  private final @Nullable FieldVector[] vectors;
  private int row = -1;

  ArrowRowReader(TableSchema table, Path file, BufferAllocator allocator) throws IOException {
    super(table, file);
    reader = new ArrowFileReader(FileChannel.open(file, StandardOpenOption.READ), allocator);
    try {
      root = root();
      List<Field> fields = fields();
      vectors = new @Nullable FieldVector[fields.size()];
      for (int column = 0; column < vectors.length; column++) {
        FieldVector vector = root.getVector(fields.get(column).getName());
        check(
            fields.get(column),
            vector == null ? null : vector.getField().getType().toString(),
            vector != null && fits(Kind.of(fields.get(column)), vector));
        vectors[column] = vector;
      }
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private VectorSchemaRoot root() throws IOException {
    try {
      return reader.getVectorSchemaRoot();
    } catch (IOException | RuntimeException e) {
      throw unreadable(e, "an Arrow IPC file");
    }
  }

  private static boolean fits(Kind kind, FieldVector vector) {
    return switch (kind) {
      case WHOLE -> isWhole(vector);
      case NUMBER -> isWhole(vector) || vector instanceof FloatingPointVector;
      case TEXT ->
          vector instanceof VarCharVector
              || vector instanceof LargeVarCharVector
              || vector instanceof ViewVarCharVector;
      case WHOLES -> {
        FieldVector data = data(vector);
        yield data != null && isWhole(data);
      }
      case TEXTS -> {
        FieldVector data = data(vector);
        yield data != null && fits(Kind.TEXT, data);
      }
    };
  }

  /** Whole numbers, and not the codes of a dictionary, which look alike. */
  private static boolean isWhole(FieldVector vector) {
    return vector instanceof BaseIntVector && vector.getField().getDictionary() == null;
  }

  private static @Nullable FieldVector data(FieldVector list) {
    return switch (list) {
      case ListVector vector -> vector.getDataVector();
      case LargeListVector vector -> vector.getDataVector();
      default -> null;
    };
  }

  @Override
  boolean next() throws IOException {
    row++;
    while (row >= root.getRowCount()) {
      try {
        if (!reader.loadNextBatch()) {
          return false;
        }
      } catch (IOException | RuntimeException e) {
        throw unreadable(e, "an Arrow IPC file without compression");
      }
      row = 0;
    }
    return true;
  }

  private FieldVector vector(int column) {
    FieldVector vector = vectors[column];
    if (vector == null) {
      throw new IllegalStateException("column " + column + " is not there");
    }
    return vector;
  }

  @Override
  boolean isNull(int column) {
    FieldVector vector = vectors[column];
    return vector == null || vector.isNull(row);
  }

  @Override
  long whole(int column) {
    return ((BaseIntVector) vector(column)).getValueAsLong(row);
  }

  @Override
  double number(int column) {
    return vector(column) instanceof FloatingPointVector vector
        ? vector.getValueAsDouble(row)
        : whole(column);
  }

  @Override
  String text(int column) {
    return text(vector(column), row);
  }

  private static String text(FieldVector vector, int at) {
    byte[] bytes =
        switch (vector) {
          case VarCharVector texts -> texts.get(at);
          case LargeVarCharVector texts -> texts.get(at);
          default -> ((ViewVarCharVector) vector).get(at);
        };
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  long[] wholes(int column) {
    FieldVector data = listData(column);
    long[] values = new long[end(column) - start(column)];
    for (int i = 0; i < values.length; i++) {
      int at = start(column) + i;
      values[i] = data.isNull(at) ? -1 : ((BaseIntVector) data).getValueAsLong(at);
    }
    return values;
  }

  @Override
  List<String> texts(int column) {
    FieldVector data = listData(column);
    List<String> values = new ArrayList<>();
    for (int at = start(column); at < end(column); at++) {
      values.add(data.isNull(at) ? "" : text(data, at));
    }
    return values;
  }

  private FieldVector listData(int column) {
    FieldVector data = data(vector(column));
    if (data == null) {
      throw new IllegalStateException("column " + column + " is no list");
    }
    return data;
  }

  private int start(int column) {
    return vector(column) instanceof ListVector list
        ? list.getElementStartIndex(row)
        : Math.toIntExact(((LargeListVector) vector(column)).getElementStartIndex(row));
  }

  private int end(int column) {
    return vector(column) instanceof ListVector list
        ? list.getElementEndIndex(row)
        : Math.toIntExact(((LargeListVector) vector(column)).getElementEndIndex(row));
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
