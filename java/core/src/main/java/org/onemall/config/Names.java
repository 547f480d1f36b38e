package org.onemall.config;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.util.Collection;
import java.util.Comparator;

/** The names of settings: as YAML has them, and which one was probably meant. */
final class Names {
  private Names() {}

  /** {@code learningRate} to {@code learning_rate}. */
  static String snakeCase(String camelCase) {
    return SnakeCaseStrategy.INSTANCE.translate(camelCase);
  }

  /** "did you mean" with the nearest name where one is near, else all names. */
  static String suggestion(String found, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(found, name)))
        .filter(name -> distance(found, name) <= Math.max(2, name.length() / 3))
        .map(name -> "did you mean '" + name + "'?")
        .orElse("there are " + String.join(", ", names));
  }

  /** Levenshtein distance; case and hyphens don't count. */
  private static int distance(String a, String b) {
    String found = SnakeCaseStrategy.INSTANCE.translate(a).replace('-', '_');
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= found.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int change = found.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(diagonal + change, Math.min(row[j], row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
