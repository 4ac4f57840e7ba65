/** The metric's name as a label. */
export const METRIC_NAME = '__name__';
