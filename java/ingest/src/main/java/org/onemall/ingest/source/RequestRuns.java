package org.onemall.ingest.source;

/**
 * The requests of a source. Events of one user under one request id are one request as long as they
 * come in one go: after a pause, or once another request of the user has begun, the same id begins
 * a further request. So an order that comes days after its click counts from its own moment, and
 * what a request's rows tell happened before the user's next request.
 *
 * <p>In the database, moments ({@code user_id, request_key, moment_ms}) become {@code runs} ({@code
 * user_id, request_key, moment_ms, run, delay_ms}: which of the id's requests a moment belongs to,
 * from 0, and how long after its start) and {@code requests} ({@code user_id, request_key, run,
 * time_ms, request}).
 */
public final class RequestRuns {
  private static final long MINUTE_MS = 60_000;

  private RequestRuns() {}

  /** Requests in time order; a request's moment is its first. */
  public static final String REQUESTS =
      """
      CREATE TABLE requests AS
      SELECT *, row_number() OVER (ORDER BY time_ms, request_key, user_id) - 1 AS request
      FROM (SELECT user_id, request_key, run, min(moment_ms) AS time_ms FROM runs GROUP BY ALL)
      """;

  /**
   * The join of events with {@code runs} and {@code requests}.
   *
   * @param events table with a {@code request_key} and a {@code time_ms}
   * @param user its column of users
   */
  public static String join(String events, String user) {
    return """
    JOIN runs ON runs.user_id = %1$s.%2$s AND runs.request_key = %1$s.request_key
        AND runs.moment_ms = %1$s.time_ms
      JOIN requests ON requests.user_id = runs.user_id
        AND requests.request_key = runs.request_key AND requests.run = runs.run\
    """
        .formatted(events, user);
  }

  /**
   * What happened to a row's item in earlier requests of the same id, as a column: what an event
   * implies (whoever buys has seen the item) happened there and doesn't happen again.
   *
   * @param behaviors masks of {@link org.onemall.shop.Behavior#bit}
   * @param run the column that tells those requests apart
   * @param of columns that tell a user's item under one id
   */
  public static String known(String behaviors, String run, String... of) {
    return """
    coalesce(bit_or(%s) OVER (PARTITION BY %s ORDER BY %s
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)\
    """
        .formatted(behaviors, String.join(", ", of), run);
  }

  /**
   * The statement that makes {@code runs}. Between two moments of one id that follow each other,
   * {@code seen} rises by one for the later of them, and by more where another request had a moment
   * after the earlier: then the id begins anew.
   *
   * @param moments query of the moments, any number of times each
   */
  public static String runs(String moments, int gapMinutes) {
    return """
    CREATE TABLE runs AS
    WITH moments AS (SELECT DISTINCT user_id, request_key, moment_ms FROM (%s)),
      counted AS (
        SELECT *, count(*) OVER (PARTITION BY user_id ORDER BY moment_ms) AS seen FROM moments),
      followed AS (
        SELECT *, coalesce(seen - lag(seen) OVER request > 1
            OR moment_ms - lag(moment_ms) OVER request > %d, false)::INTEGER AS begins
        FROM counted WINDOW request AS (PARTITION BY user_id, request_key ORDER BY moment_ms)),
      numbered AS (
        SELECT *, sum(begins) OVER (PARTITION BY user_id, request_key ORDER BY moment_ms)::INTEGER
          AS run FROM followed)
    SELECT user_id, request_key, moment_ms, run,
      moment_ms - min(moment_ms) OVER (PARTITION BY user_id, request_key, run) AS delay_ms
    FROM numbered
    """
        .formatted(moments, gapMinutes * MINUTE_MS);
  }
}
