"""The networks of onemall: one file a model, usable without Java. Only `bridge` knows that there may be a JVM."""
