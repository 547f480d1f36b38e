package org.onemall.model;

/**
 * What went wrong on the other side of a model call: the error's kind (its class name there), its
 * message and, where there is one, the traceback.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String kind;
  private final String traceback;

  public ModelException(String kind, String message, String traceback) {
    super(kind + ": " + message);
    this.kind = kind;
    this.traceback = traceback;
  }

  public String kind() {
    return kind;
  }

  public String traceback() {
    return traceback;
  }
}
