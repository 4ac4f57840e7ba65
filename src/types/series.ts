/** Facts of Prometheus' data model that more than one layer needs. */

/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

/** The staleness marker, one particular NaN, as the bits of a double (model/value/value.go: StaleNaN). */
export const STALE_BITS = 0x7ff0_0000_0000_0002n;
