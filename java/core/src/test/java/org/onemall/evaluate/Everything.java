package org.onemall.evaluate;

import java.util.Arrays;
import org.onemall.offer.Offered;

/** Items by the number of their SID; -1 for what isn't offered. */
@SuppressWarnings("ArrayRecordComponent")
record Everything(int[] sidOfItem) implements Offered {
  static Offered with(int... sidOfItem) {
    return new Everything(sidOfItem);
  }

  @Override
  public int items() {
    return (int) Arrays.stream(sidOfItem).filter(sid -> sid >= 0).count();
  }

  @Override
  public int sids() {
    return Arrays.stream(sidOfItem).max().orElse(-1) + 1;
  }

  @Override
  public int sid(int item) {
    return sidOfItem[item];
  }
}
