package org.onemall.orchestrator.pipeline;

/** A stage that failed; what it had finished before stays. */
public final class StageException extends Exception {
  private static final long serialVersionUID = 1L;

  StageException(Step step, Exception cause) {
    super(
        "%s failed: %s"
            .formatted(step, cause.getMessage() == null ? cause.toString() : cause.getMessage()),
        cause);
  }
}
