package org.onemall.mall.world;

/** The authors of live rooms, and what a room shows at a moment: a pure function, not stored. */
public final class Authors {
  static final int BLOCK_MINUTES = 5;
  public static final int BLOCKS = 24 * 60 / BLOCK_MINUTES;
  public static final int POOL = 40;
  public static final int LEAVES = 3;
  private static final int TABLE = 2;
  private static final double[] START_HOURS = {9, 14, 19, 20, 21};
  private static final double[] START_SHARES = {.15, .20, .30, .20, .15};

  public final byte[] top;

  /** Three of each author. */
  public final byte[] leaves;

  public final byte[] style;
  public final float[] charisma;

  /** Bit d: on air on day d of the week. */
  final byte[] weekdays;

  public final short[] firstBlock;
  public final short[] endBlock;
  final byte[] listSize;

  /** {@link #POOL} products of each author. */
  public final int[] pool;

  private final Products products;
  private final HashRandom draws;

  Authors(int size, Products products, HashRandom draws) {
    this.products = products;
    this.draws = draws;
    top = new byte[size];
    leaves = new byte[size * LEAVES];
    style = new byte[size];
    charisma = new float[size];
    weekdays = new byte[size];
    firstBlock = new short[size];
    endBlock = new short[size];
    listSize = new byte[size];
    pool = new int[size * POOL];
    Dice dice = draws.dice(DrawPurpose.TABLE, TABLE, 0);
    LeafRows productsByLeaf = products.leaves();
    double[] weights = new double[products.size()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = StrictMath.exp(0.5 * products.quality[p]);
    }
    for (int a = 0; a < size; a++) {
      draw(a, dice);
      fillPool(a, productsByLeaf, weights, dice);
    }
  }

  private void draw(int a, Dice dice) {
    top[a] = (byte) dice.index(Taxonomy.TOPS);
    int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    dice.shuffle(order);
    for (int i = 0; i < LEAVES; i++) {
      leaves[a * LEAVES + i] = (byte) (top[a] * Taxonomy.LEAVES_OF_TOP + order[i]);
    }
    style[a] = (byte) dice.index(AttributeWords.STYLE_COUNT);
    charisma[a] = (float) (0.7 * dice.normal());
    int[] week = {0, 1, 2, 3, 4, 5, 6};
    dice.shuffle(week);
    int days = 3 + dice.index(4);
    for (int i = 0; i < days; i++) {
      weekdays[a] |= (byte) (1 << week[i]);
    }
    double hour = START_HOURS[dice.pick(ReproducibleMath.sums(START_SHARES))] + 0.5 * dice.normal();
    double start = ReproducibleMath.clip(hour, 0, 20);
    double length = dice.uniform(2, 4);
    firstBlock[a] = (short) Math.rint(start * 60 / BLOCK_MINUTES);
    endBlock[a] = (short) Math.min(BLOCKS, Math.rint((start + length) * 60 / BLOCK_MINUTES));
    listSize[a] = (byte) (3 + dice.index(10));
  }

  /** Products of the author's leaves ∝ exp(.5 quality + .8 [style]), with replacement. */
  private void fillPool(int a, LeafRows productsByLeaf, double[] weights, Dice dice) {
    int count = 0;
    for (int i = 0; i < LEAVES; i++) {
      int l = leaves[a * LEAVES + i];
      count += productsByLeaf.from[l + 1] - productsByLeaf.from[l];
    }
    int[] candidates = new int[Math.max(1, count)];
    double[] sums = new double[candidates.length];
    double sum = 0;
    int next = 0;
    double sameStyle = StrictMath.exp(0.8);
    for (int i = 0; i < LEAVES; i++) {
      int l = leaves[a * LEAVES + i];
      for (int row = productsByLeaf.from[l]; row < productsByLeaf.from[l + 1]; row++) {
        int p = productsByLeaf.rows[row];
        candidates[next] = p;
        sum += weights[p] * (products.style[p] == style[a] ? sameStyle : 1);
        sums[next++] = sum;
      }
    }
    for (int i = 0; i < POOL; i++) {
      pool[a * POOL + i] = count == 0 ? dice.index(products.size()) : candidates[dice.pick(sums)];
    }
  }

  public int size() {
    return top.length;
  }

  public boolean isScheduled(int author, int day) {
    return (weekdays[author] >> (day % 7) & 1) != 0;
  }

  public boolean isScheduled(int author, int day, int block) {
    return isScheduled(author, day) && firstBlock[author] <= block && block < endBlock[author];
  }

  /** What list slot {@code slot} holds in a block: refilled each hour, staggered by 7 minutes. */
  private int slotProduct(int author, int day, int block, int slot, boolean[] onSale) {
    int hour = (block * BLOCK_MINUTES + 7 * slot) / 60;
    long key = draws.key(author, day, slot, hour);
    int first = HashRandom.index(key, DrawPurpose.SLOT_PRODUCT, 0, POOL);
    for (int i = 0; i < POOL; i++) {
      int product = pool[author * POOL + (first + i) % POOL];
      if (onSale[product]) {
        return product;
      }
    }
    return -1;
  }

  private int onAirSlot(int author, int day, int block) {
    return HashRandom.index(
        draws.key(author, day, 0, block), DrawPurpose.ON_AIR_SLOT, 0, listSize[author]);
  }

  /** The product on air in a block of a scheduled room; -1: nothing that is on sale. */
  int onAir(int author, int day, int block, boolean[] onSale) {
    return slotProduct(author, day, block, onAirSlot(author, day, block), onSale);
  }

  /** The room's list, the product on air first, each product once; empty: off air. */
  public int[] list(int author, int day, int block, boolean[] onSale) {
    int slot = onAirSlot(author, day, block);
    int[] list = new int[listSize[author]];
    int size = 0;
    for (int i = 0; i < listSize[author]; i++) {
      int product = slotProduct(author, day, block, (slot + i) % listSize[author], onSale);
      if (product >= 0 && !contains(list, size, product)) {
        list[size++] = product;
      }
    }
    return java.util.Arrays.copyOf(list, size);
  }

  private static boolean contains(int[] values, int size, int value) {
    for (int i = 0; i < size; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }
}
