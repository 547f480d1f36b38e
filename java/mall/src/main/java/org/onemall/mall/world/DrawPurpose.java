package org.onemall.mall.world;

/**
 * What a draw by hash is for; no two purposes share a draw. Its constant comes from its name, so
 * that another purpose changes no world.
 */
public enum DrawPurpose {
  TABLE,
  TEXT,
  PICTURE,
  LATENTS,
  ACTIVITY,
  ACTIVE,
  REGISTERED,
  DRIFT,
  DRIFT_LEAF,
  FOLLOW,
  FOLLOW_CANDIDATE,
  STOCK,
  ON_AIR_SLOT,
  SLOT_PRODUCT,
  SESSIONS,
  SESSION_PART,
  SESSION_START,
  SCENARIO,
  SCENARIO_KEPT,
  SCENARIO_INSTEAD,
  INTENT_AT_ALL,
  INTENT_LEAF,
  INTENT_COLOUR,
  INTENT_PATTERN,
  INTENT_GOAL,
  INTENT_FOLLOW_UP,
  INTENT_MOVE,
  INTENT_SIDE,
  INTENT_ADOPT,
  INTENT_ADVANCE,
  INTENT_ADVANCE_SIDE,
  INTENT_BOUGHT,
  FOLLOW_UP,
  FOLLOW_UP_SIDE,
  TRIGGER,
  TRIGGER_ONSET,
  POLICY,
  POLICY_LEAF,
  POLICY_ITEM,
  POLICY_NOISE,
  ROOM_NOISE,
  ENTERTAINMENT,
  ENTERTAINMENT_ITEM,
  CLICK,
  BUY,
  CART,
  LONG_VIEW,
  WATCH,
  QUANTITY,
  COUPON,
  PAGE_TIME,
  EXIT,
  CHECK,
  PROFILE;

  final long constant;

  DrawPurpose() {
    long hash = 0;
    for (int i = 0; i < name().length(); i++) {
      hash = HashRandom.mix(hash * 31 + name().charAt(i));
    }
    constant = hash | 1;
  }
}
