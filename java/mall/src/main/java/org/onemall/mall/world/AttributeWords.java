package org.onemall.mall.world;

/** The vocabulary of titles and of what is spoken; attributes are indices into these tables. */
public final class AttributeWords {
  static final String[][] STYLES = {
    {"classic", "timeless"}, {"sporty", "athletic"}, {"vintage", "retro"}, {"minimalist", "simple"},
    {"cute", "kawaii"}, {"luxury", "premium"}, {"street", "urban"}, {"natural", "rustic"}
  };
  static final String[][] COLOURS = {
    {"black", "jet", "ebony"}, {"white", "ivory", "snow"}, {"red", "crimson", "cherry"},
    {"blue", "azure", "sapphire"}, {"green", "emerald", "jade"}, {"pink", "rose", "blush"},
    {"yellow", "lemon", "golden"}, {"grey", "silver", "ash"}, {"brown", "coffee", "caramel"},
    {"purple", "violet", "plum"}, {"orange", "tangerine", "apricot"}, {"beige", "khaki", "sand"}
  };
  static final double[] COLOUR_SHARES = {
    .20, .15, .08, .09, .09, .07, .06, .06, .05, .05, .05, .05
  };

  /** Plain has no word. */
  static final String[][] PATTERNS = {
    {},
    {"striped", "stripe"},
    {"dotted", "polka"},
    {"checked", "plaid"},
    {"floral", "flower"},
    {"zigzag", "chevron"}
  };

  static final double[] PATTERN_SHARES = {.40, .15, .13, .12, .10, .10};
  static final String[] MATERIALS = {
    "cotton", "steel", "bamboo", "silicone", "leather", "ceramic", "polyester", "glass"
  };
  static final String[] USES = {
    "daily", "travel", "office", "party", "home", "outdoor", "gift", "school"
  };
  static final String[] SELLING = {
    "new arrival", "hot sale", "official store", "free shipping", "2026", "best price"
  };
  public static final int BRANDS_OF_TOP = 12;
  private static final String[] BRAND_STARTS = {
    "bel", "dor", "kan", "lum", "mar", "nex", "pol", "ren", "sil", "tor", "vel", "zan"
  };
  private static final String[] BRAND_ENDS = {
    "ia", "ex", "on", "eta", "ori", "us", "el", "ix", "ara", "ume", "ino", "ley"
  };

  /** One interest a top category, then the five that lead to no purchase. */
  static final String[] ENTERTAINMENT = {
    "Outfit Ideas",
    "Men's Style",
    "Sneaker and Bag Talk",
    "Makeup Tutorials",
    "Tech Reviews",
    "Home Gadgets",
    "Cooking",
    "Food Tasting",
    "Parenting",
    "Fitness and Camping",
    "Home Makeover",
    "Pets and Gardening",
    "News",
    "Comedy",
    "Dance",
    "Film/TV",
    "Selfie"
  };

  public static final int INTERESTS = 12;

  private static final String[] FIRST_NAMES = {
    "Mia", "Lin", "Ada", "Bo", "Chen", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "June",
    "Kai", "Lea", "Max", "Nora", "Omar", "Pia", "Quin", "Rosa", "Sam", "Tia", "Uma", "Vic"
  };

  public static final int STYLE_COUNT = STYLES.length;
  public static final int COLOUR_COUNT = COLOURS.length;
  public static final int PATTERN_COUNT = PATTERNS.length;
  public static final int ENTERTAINMENT_COUNT = ENTERTAINMENT.length;

  private AttributeWords() {}

  /** The name of an entertainment category. */
  public static String entertainment(int category) {
    return ENTERTAINMENT[category];
  }

  static String brand(int brand) {
    return BRAND_STARTS[brand / BRANDS_OF_TOP] + BRAND_ENDS[brand % BRANDS_OF_TOP];
  }

  /** The name of the n-th author or creator; it says nothing about what is sold. */
  public static String person(int n) {
    int name = n / FIRST_NAMES.length;
    int family = name % (BRAND_STARTS.length * BRAND_ENDS.length);
    String surname =
        BRAND_ENDS[family % BRAND_ENDS.length] + BRAND_STARTS[family / BRAND_ENDS.length];
    int again = name / (BRAND_STARTS.length * BRAND_ENDS.length);
    return FIRST_NAMES[n % FIRST_NAMES.length]
        + " "
        + Character.toUpperCase(surname.charAt(0))
        + surname.substring(1)
        + (again == 0 ? "" : " " + (again + 1));
  }
}
