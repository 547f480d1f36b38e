package org.onemall.run;

/** Size and SHA-256 of a file that a stage wrote. */
public record FileHash(long bytes, String sha256) {
  public FileHash {
    if (bytes < 0 || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "artefact: expected a size and a SHA-256 in hex, found %d, '%s'"
              .formatted(bytes, sha256));
    }
  }
}
