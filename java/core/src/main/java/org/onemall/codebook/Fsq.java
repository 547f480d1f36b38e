package org.onemall.codebook;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.MeanFigures;
import org.onemall.training.Schedule;
import org.onemall.training.Training;

/**
 * The binary FSQ level (section 3.1.3, Fig. 3b): a small network makes bits of a residual, which
 * are packed to a code, most significant first.
 */
public final class Fsq implements AutoCloseable {
  private static final double FINAL_SHARE = 0.1;

  /** At most so many vectors cross in one call. */
  private static final int MAX_ROWS = 65_536;

  private final Model model;
  private final Network network;
  private final BufferAllocator allocator;

  /**
   * The network.
   *
   * @param width of the residuals
   * @param balanceWeight of the bit-balance loss
   */
  public record Network(int width, int bits, int hidden, double balanceWeight) {
    public static Network of(CodebookConfig.FsqConfig config, int width) {
      return new Network(width, config.bits(), config.hidden(), config.balanceWeight());
    }
  }

  /** Opens a network with fresh weights; closes with this. */
  public Fsq(Models models, Network network, long seed, BufferAllocator allocator) {
    this.network = network;
    this.allocator = allocator;
    model = models.open(Models.Kind.FSQ, network, seed);
  }

  /**
   * Trains on residuals, in full batches and a new order each epoch.
   *
   * @param residual float32 (N, width)
   * @param progress told each epoch and the means of its steps' figures
   */
  public void train(
      Tensor residual,
      CodebookConfig.FsqConfig config,
      long seed,
      BiConsumer<Integer, Map<String, Double>> progress)
      throws IOException {
    int count = Math.toIntExact(residual.dim(0));
    int batch = Math.min(config.batch(), count);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    SplittableRandom random = new SplittableRandom(seed);
    shuffle(order, random);
    try (Tensors sample = new Tensors()) {
      int rows = Math.min(count, MAX_ROWS);
      gather(
          residual,
          order,
          0,
          sample.add("residual", allocator, DType.FLOAT32, rows, network.width()));
      model.feed("residuals", sample);
    }
    long perEpoch = count / batch;
    Schedule schedule = new Schedule(config.learningRate(), 0, FINAL_SHARE);
    Training training =
        new Training("FSQ", "residuals", model, schedule, config.epochs() * perEpoch);
    for (int epoch = 0; epoch < config.epochs(); epoch++) {
      shuffle(order, random);
      MeanFigures means = new MeanFigures();
      training.run(
          epoch * perEpoch,
          (epoch + 1) * perEpoch,
          step -> batch(residual, order, (int) (step % perEpoch) * batch, batch),
          (step, figures) -> means.add(figures));
      progress.accept(epoch, means.take());
    }
  }

  private static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int item = order[i];
      order[i] = order[other];
      order[other] = item;
    }
  }

  private Tensors batch(Tensor residual, int[] order, int start, int count) {
    Tensors batch = new Tensors();
    gather(
        residual,
        order,
        start,
        batch.add("residual", allocator, DType.FLOAT32, count, network.width()));
    return batch;
  }

  private static void gather(Tensor residual, int[] order, int start, Tensor to) {
    long bytes = residual.dim(1) * Float.BYTES;
    for (int i = 0; i < to.dim(0); i++) {
      MemorySegment.copy(
          residual.segment(), order[start + i] * bytes, to.segment(), i * bytes, bytes);
    }
  }

  /** The code of each residual: float32 (N, width), which stays the caller's. */
  public int[] codes(Tensor residual) {
    int[] codes = new int[Math.toIntExact(residual.dim(0))];
    int chunk = Math.clamp(codes.length, 1, MAX_ROWS);
    for (int start = 0; start < codes.length; start += chunk) {
      int count = Math.min(chunk, codes.length - start);
      try (Tensors in = new Tensors();
          Tensors out = new Tensors()) {
        Tensor rows = in.add("residual", allocator, DType.FLOAT32, count, network.width());
        long bytes = (long) network.width() * Float.BYTES;
        MemorySegment.copy(residual.segment(), start * bytes, rows.segment(), 0, count * bytes);
        Tensor bits = out.add("bits", allocator, DType.UINT8, count, network.bits());
        model.infer("bits", in, out);
        for (int i = 0; i < count; i++) {
          codes[start + i] = pack(bits, i);
        }
      }
    }
    return codes;
  }

  /** The residual that each code stands for, by the decoder. */
  public Centroids reconstructions() {
    int size = 1 << network.bits();
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor bits = in.add("bits", allocator, DType.UINT8, size, network.bits());
      for (int code = 0; code < size; code++) {
        for (int bit = 0; bit < network.bits(); bit++) {
          bits.setByte(
              (long) code * network.bits() + bit, (byte) (code >> (network.bits() - 1 - bit) & 1));
        }
      }
      Tensor rows = out.add("residual", allocator, DType.FLOAT32, size, network.width());
      model.infer("reconstruct", in, out);
      return new Centroids(
          size, network.width(), rows.toFloats(0, Math.multiplyExact(size, network.width())));
    }
  }

  /** Row {@code row} of bits (uint8, 0 or 1), the first one being the most significant. */
  static int pack(Tensor bits, long row) {
    int width = Math.toIntExact(bits.dim(1));
    int code = 0;
    for (int bit = 0; bit < width; bit++) {
      byte value = bits.getByte(row * width + bit);
      if (value != 0 && value != 1) {
        throw new IllegalStateException(
            "FSQ: expected bits of 0 or 1, found %d in row %d".formatted(value, row));
      }
      code = code << 1 | value;
    }
    return code;
  }

  /** Writes the weights as safetensors. */
  public void save(Path file) {
    model.save(file, false);
  }

  /** Reads what {@link #save} wrote. */
  public void load(Path file) {
    model.load(file, false);
  }

  /**
   * Writes a safetensors file without tensors, for a codebook without FSQ: the length of the
   * header, and an empty header.
   */
  public static void saveNothing(Path file) throws IOException {
    byte[] header = {'{', '}'};
    Files.write(
        file,
        ByteBuffer.allocate(Long.BYTES + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }

  @Override
  public void close() {
    model.close();
  }
}
