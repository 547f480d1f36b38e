package org.onemall.mall.policy;

import java.util.Arrays;
import org.onemall.mall.users.Intent;

/** The rows of a group of users on a day, in the order (user, time), and their requests. */
public final class DayRows {
  public int requests;
  public int[] user = new int[64];

  /** Milliseconds since midnight. */
  public int[] time = new int[64];

  public byte[] scenario = new byte[64];
  public int[] intentSource = new int[64];
  public byte[] intentLeaf = new byte[64];
  public byte[] intentColour = new byte[64];
  public byte[] intentPattern = new byte[64];

  /** First row of each request; the entry after the last request is the number of rows. */
  public int[] firstRow = new int[65];

  int rows;
  public int[] item = new int[512];
  public byte[] behaviors = new byte[512];
  public byte[] quantity = new byte[512];
  public float[] amount = new float[512];

  /** After the request's time. */
  public int[] eventOffset = new int[512];

  /** -1: nothing to watch. */
  public int[] watchMs = new int[512];

  public float[] propensity = new float[512];

  /** Dense item, -1: none. */
  public int[] product = new int[512];

  public float[] pClick = new float[512];
  public float[] pBuy = new float[512];

  void startRequest(int ofUser, int atTime, int ofScenario, Intent intent) {
    if (requests == user.length) {
      growRequests(2 * requests);
    }
    user[requests] = ofUser;
    time[requests] = atTime;
    scenario[requests] = (byte) ofScenario;
    intentSource[requests] = intent.source;
    intentLeaf[requests] = (byte) intent.leaf;
    intentColour[requests] = (byte) intent.colour;
    intentPattern[requests] = (byte) intent.pattern;
    firstRow[requests++] = rows;
  }

  private void growRequests(int size) {
    user = Arrays.copyOf(user, size);
    time = Arrays.copyOf(time, size);
    scenario = Arrays.copyOf(scenario, size);
    intentSource = Arrays.copyOf(intentSource, size);
    intentLeaf = Arrays.copyOf(intentLeaf, size);
    intentColour = Arrays.copyOf(intentColour, size);
    intentPattern = Arrays.copyOf(intentPattern, size);
    firstRow = Arrays.copyOf(firstRow, size + 1);
  }

  /** Opens a row for an item; the caller fills the columns at the returned number. */
  int add(int ofItem, int ofProduct, double ofPropensity, double click, double buy) {
    if (rows == item.length) {
      growRows(2 * rows);
    }
    item[rows] = ofItem;
    product[rows] = ofProduct;
    propensity[rows] = (float) ofPropensity;
    pClick[rows] = (float) click;
    pBuy[rows] = (float) buy;
    watchMs[rows] = -1;
    return rows++;
  }

  private void growRows(int size) {
    item = Arrays.copyOf(item, size);
    behaviors = Arrays.copyOf(behaviors, size);
    quantity = Arrays.copyOf(quantity, size);
    amount = Arrays.copyOf(amount, size);
    eventOffset = Arrays.copyOf(eventOffset, size);
    watchMs = Arrays.copyOf(watchMs, size);
    propensity = Arrays.copyOf(propensity, size);
    product = Arrays.copyOf(product, size);
    pClick = Arrays.copyOf(pClick, size);
    pBuy = Arrays.copyOf(pBuy, size);
  }

  /** Gives back what was reserved and not used. */
  public void trim() {
    firstRow[requests] = rows;
    growRequests(requests);
    growRows(rows);
  }
}
