package org.onemall.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Independent seeds out of the run's one: a hash of it and of what the new seed is for. */
public final class Seeds {
  private Seeds() {}

  /** The seed for {@code purpose}; never negative, since some generators take no other. */
  public static long of(long seed, String purpose) {
    MessageDigest digest = Sha256.digest();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
    byte[] hash = digest.digest(purpose.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
  }
}
