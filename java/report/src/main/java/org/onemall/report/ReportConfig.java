package org.onemall.report;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the report.
 *
 * @param truth folder with the truth tables of a simulated mall, {@code <mall>/truth}: what only
 *     the simulator knows, shown beside what was learned. No other stage reads it
 */
public record ReportConfig(@Nullable Path truth) {}
