package org.onemall.semanticid;

/**
 * Settings of the Semantic IDs.
 *
 * @param conflicts what happens to items that share a SID
 */
public record SemanticIdConfig(Conflicts conflicts) {
  /** What happens to items that share a SID. */
  public enum Conflicts {
    /** They share it. */
    KEEP,
    /** All but the nearest to it move to the nearest free last-level code under the same prefix. */
    NEAREST_FREE
  }
}
