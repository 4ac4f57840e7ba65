import type { Route } from '../server.ts';
import { labelNames, labelValues, series } from './metadata.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { failure, success, writeFailure } from './response.ts';

const READ = ['GET', 'POST'];

/** The version whose semantics the language has; Grafana decides by it what to ask. */
const BUILD = { version: '3.0.0', application: 'LumaDB', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' };

/** Prometheus' HTTP API, as far as dashboards and remote write need it. */
export const prometheusRoutes: readonly Route[] = [
  { path: '/api/v1/query', methods: READ, handle: instantQuery, failed: failure },
  { path: '/api/v1/query_range', methods: READ, handle: rangeQuery, failed: failure },
  { path: '/api/v1/series', methods: READ, handle: series, failed: failure },
  { path: '/api/v1/labels', methods: READ, handle: labelNames, failed: failure },
  { path: '/api/v1/label/:name/values', methods: ['GET'], handle: labelValues, failed: failure },
  // Nobody has told it types and help texts of metrics.
  { path: '/api/v1/metadata', methods: ['GET'], handle: async () => success('{}'), failed: failure },
  { path: '/api/v1/status/buildinfo', methods: ['GET'], handle: async () => success(JSON.stringify(BUILD)), failed: failure },
  {
    path: '/api/v1/write',
    methods: ['POST'],
    // The protobuf library is loaded with the first write.
    handle: async (request, database) => (await import('./write.ts')).remoteWrite(request, database),
    failed: writeFailure,
  },
];
