package org.onemall.tokenizer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.onemall.model.Model;
import org.onemall.model.PictureSource;
import org.onemall.parallel.Parallel;
import org.onemall.shop.ItemReader;
import org.onemall.table.TableSchema;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensors;

/**
 * Hands the pictures of all items to the network: a few of each item, evenly spaced over those that
 * it has (a video's frames); read by several threads, {@value #PICTURES_PER_CALL} a call. Notes
 * what became of each.
 */
final class ItemPictures {
  private static final int PICTURES_PER_CALL = 256;
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field("item", FieldType.notNullable(new ArrowType.Int(32, true)), List.of()),
              new Field("place", FieldType.notNullable(new ArrowType.Int(32, true)), List.of()),
              new Field("picture", FieldType.nullable(new ArrowType.Binary()), List.of())));

  private record Named(int item, int place, String path) {}

  private final Model model;
  private final PictureSource source;
  private final int frames;
  private final BufferAllocator allocator;
  private final int threads;
  private final List<Named> waiting = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, String> examples = new HashMap<>();
  private final IntArrayList items = new IntArrayList();
  private final IntArrayList places = new IntArrayList();

  /** Ready to feed this network. */
  ItemPictures(
      Model model, PictureSource source, int frames, int threads, BufferAllocator allocator) {
    this.model = model;
    this.source = source;
    this.frames = frames;
    this.allocator = allocator;
    this.threads = threads;
  }

  /** Feeds the pictures of {@link TableSchema#ITEMS}. */
  PictureCounts feed(Path itemTable) throws IOException {
    IntArrayList all = new IntArrayList();
    IntArrayList withoutText = new IntArrayList();
    try (ItemReader reader = new ItemReader(itemTable, allocator)) {
      while (reader.next()) {
        all.add(reader.item());
        if (ItemTexts.text(reader).isBlank()) {
          withoutText.add(reader.item());
        }
        choose(reader.item(), reader.pictures());
      }
    }
    send();
    return counts(all, withoutText);
  }

  /** A picture's place is where it stands among those of its item, the unchosen ones counted. */
  private void choose(int item, List<String> pictures) {
    int count = pictures.size();
    int chosen = Math.min(frames, count);
    for (int k = 0; k < chosen; k++) {
      int place = (int) ((2L * k + 1) * count / (2L * chosen));
      waiting.add(new Named(item, place, pictures.get(place)));
      if (waiting.size() == PICTURES_PER_CALL) {
        send();
      }
    }
  }

  private void send() {
    List<Named> asked = List.copyOf(waiting);
    waiting.clear();
    byte[][] contents = new byte[asked.size()][];
    String[] refusals = new String[asked.size()];
    Parallel.each(
        threads,
        asked.size(),
        i -> {
          try {
            contents[i] = source.read(asked.get(i).path());
          } catch (IOException e) {
            refusals[i] = String.valueOf(e.getMessage());
          }
        });
    List<Named> sent = new ArrayList<>();
    List<byte[]> bytes = new ArrayList<>();
    for (int i = 0; i < contents.length; i++) {
      if (contents[i] != null) {
        sent.add(asked.get(i));
        bytes.add(contents[i]);
      } else if (refusals[i] != null) {
        note(PictureOutcome.REFUSED, refusals[i]);
      } else {
        note(PictureOutcome.ABSENT, asked.get(i).path());
      }
    }
    if (!sent.isEmpty()) {
      try (VectorSchemaRoot table = table(sent, bytes)) {
        model.feed("pictures", table);
      }
      noteOutcomes(sent);
    }
  }

  private VectorSchemaRoot table(List<Named> sent, List<byte[]> bytes) {
    VectorSchemaRoot table = VectorSchemaRoot.create(SCHEMA, allocator);
    table.allocateNew();
    for (int i = 0; i < sent.size(); i++) {
      ((IntVector) table.getVector("item")).setSafe(i, sent.get(i).item());
      ((IntVector) table.getVector("place")).setSafe(i, sent.get(i).place());
      ((VarBinaryVector) table.getVector("picture")).setSafe(i, bytes.get(i));
    }
    table.setRowCount(sent.size());
    return table;
  }

  private void noteOutcomes(List<Named> sent) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      var outcome = out.add("outcome", allocator, DType.UINT8, sent.size());
      model.infer("outcomes", in, out);
      for (int i = 0; i < sent.size(); i++) {
        PictureOutcome found = PictureOutcome.told(outcome.getByte(i));
        note(found, sent.get(i).path());
        if (found == PictureOutcome.READ) {
          items.add(sent.get(i).item());
          places.add(sent.get(i).place());
        }
      }
    }
  }

  private void note(PictureOutcome outcome, String example) {
    counts.merge(outcome.key(), 1, Integer::sum);
    if (outcome != PictureOutcome.READ) {
      examples.putIfAbsent(outcome.key(), example);
    }
  }

  private PictureCounts counts(IntArrayList all, IntArrayList withoutText) {
    var pictured = new IntOpenHashSet(items);
    int withoutPicture = 0;
    for (int item : all) {
      withoutPicture += pictured.contains(item) ? 0 : 1;
    }
    int neither = 0;
    for (int item : withoutText) {
      neither += pictured.contains(item) ? 0 : 1;
    }
    return new PictureCounts(counts, examples, withoutPicture, withoutText.size(), neither);
  }

  /** Items of the pictures that the network could read, in the order of {@link #places}. */
  int[] items() {
    return items.toIntArray();
  }

  /** Their places among the pictures of their item. */
  int[] places() {
    return places.toIntArray();
  }
}
