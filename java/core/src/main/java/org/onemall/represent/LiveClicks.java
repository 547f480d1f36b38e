package org.onemall.represent;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.InteractionReader;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Training examples: a click on a room, what the room sold at that moment, and the products that
 * the user's latest clicks of earlier requests were about, in any scenario. All are seen in a
 * seeded order before any is seen again, in another order; batch {@code step} depends on seed and
 * step alone.
 */
final class LiveClicks {
  private final Rooms rooms;
  private final RepresentConfig.Live config;
  private final long seed;

  /** The products of all users' clicks, user by user in time order. */
  private final IntArrayList past = new IntArrayList();

  private final IntArrayList state = new IntArrayList();
  private final IntArrayList room = new IntArrayList();
  private final IntArrayList user = new IntArrayList();
  private final IntArrayList pastStart = new IntArrayList();
  private final IntArrayList pastEnd = new IntArrayList();
  private float[] roomLogQ = {};
  private float[] userLogQ = {};
  private int[] order = {};
  private long orderPass = -1;

  /** Of the events before a moment. */
  LiveClicks(
      Path interactions,
      Rooms rooms,
      RepresentConfig.Live config,
      long before,
      long seed,
      BufferAllocator allocator)
      throws IOException {
    this.rooms = rooms;
    this.config = config;
    this.seed = seed;
    Walk walk = new Walk();
    try (InteractionReader reader = new InteractionReader(interactions, allocator)) {
      while (reader.next()) {
        if (reader.did(config.behavior()) && reader.timeMs() < before) {
          walk.click(reader);
        }
      }
    }
    roomLogQ = logShares(room);
    userLogQ = logShares(user);
  }

  /** Walks over the table, which is sorted by user, time and request. */
  private final class Walk {
    private int atUser = -1;
    private int atRequest = -1;
    private int userStart;
    private int requestStart;

    void click(InteractionReader row) {
      move(row.user(), row.request());
      click(row.item(), row.seenMs());
      int product = row.product() < 0 ? -1 : rooms.product(row.product());
      if (product >= 0) {
        past.add(product);
      }
    }

    private void move(int toUser, int toRequest) {
      if (toUser != atUser) {
        userStart = past.size();
      }
      if (toUser != atUser || toRequest != atRequest) {
        requestStart = past.size();
      }
      atUser = toUser;
      atRequest = toRequest;
    }

    private void click(int item, long moment) {
      int number = rooms.room(item);
      int row = number < 0 ? -1 : rooms.states().at(item, moment);
      if (row >= 0 && rooms.isVisible(row)) {
        state.add(row);
        room.add(number);
        user.add(atUser);
        pastStart.add(userStart);
        pastEnd.add(requestStart);
      }
    }
  }

  /** Log of the share of each example's value among all examples. */
  private static float[] logShares(IntArrayList values) {
    int[] counts = new int[values.intStream().max().orElse(-1) + 1];
    values.forEach((int value) -> counts[value]++);
    float[] logs = new float[values.size()];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log((double) counts[values.getInt(i)] / logs.length);
    }
    return logs;
  }

  /** Number of different examples. */
  int size() {
    return state.size();
  }

  /** Examples in a batch: as many as the setting says, or all. */
  int batchSize() {
    return Math.min(config.batchExamples(), size());
  }

  /** The batch of a step, as {@code live_tower.py} wants it; the tensors belong to the caller. */
  Tensors batch(long step, BufferAllocator allocator) {
    int size = batchSize();
    Tensors batch = new Tensors();
    Tensor roomOf = batch.add("room", allocator, DType.INT32, size);
    Tensor userOf = batch.add("user", allocator, DType.INT32, size);
    Tensor products = batch.add("products", allocator, DType.INT32, size, config.products());
    Tensor clicked = batch.add("clicked", allocator, DType.INT32, size, config.history());
    Tensor roomQ = batch.add("room_log_q", allocator, DType.FLOAT32, size);
    Tensor userQ = batch.add("user_log_q", allocator, DType.FLOAT32, size);
    int[] numbers = new int[config.products()];
    for (int row = 0; row < size; row++) {
      int example = at(step * size + row);
      roomOf.setInt(row, room.getInt(example));
      userOf.setInt(row, user.getInt(example));
      roomQ.setFloat(row, roomLogQ[example]);
      userQ.setFloat(row, userLogQ[example]);
      rooms.fill(state.getInt(example), numbers);
      for (int i = 0; i < numbers.length; i++) {
        products.setInt((long) row * numbers.length + i, numbers[i]);
      }
      for (int i = 0; i < config.history(); i++) {
        int at = pastEnd.getInt(example) - 1 - i;
        int product = at >= pastStart.getInt(example) ? past.getInt(at) : -1;
        clicked.setInt((long) row * config.history() + i, product);
      }
    }
    return batch;
  }

  private int at(long number) {
    long pass = number / size();
    if (pass != orderPass) {
      order = new int[size()];
      SplittableRandom random = new SplittableRandom(seed + pass);
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      orderPass = pass;
    }
    return order[(int) (number % size())];
  }
}
