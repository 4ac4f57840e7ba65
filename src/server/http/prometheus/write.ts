import protobuf from 'protobufjs';
import { uncompress } from 'snappyjs';
import type { Database } from '../../../engine/database.ts';
import { checkLabels, type SampleSeries } from '../../../engine/series/samples.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../types/error.ts';
import { METRIC_NAME } from '../../../types/series.ts';
import type { HttpRequest } from '../request.ts';
import type { HttpResponse } from '../server.ts';

/** Remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec): snappy block compression over these messages. */
const WRITE_REQUEST = protobuf.Root.fromJSON({
  nested: {
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
        histograms: { rule: 'repeated', type: 'bytes', id: 4 },
      },
    },
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    // The value is a double; its bits are read, because the NaN that marks staleness may not survive as a number.
    Sample: { fields: { value: { type: 'fixed64', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
  },
}).lookupType('WriteRequest');

/** 64 bits as protobufjs gives them: two signed halves. */
interface Bits {
  readonly low: number;
  readonly high: number;
}

interface WriteRequest {
  readonly timeseries?: readonly {
    readonly labels?: readonly { readonly name?: string; readonly value?: string }[];
    readonly samples?: readonly { readonly value?: Bits; readonly timestamp?: Bits }[];
    readonly histograms?: readonly unknown[];
  }[];
}

/**
 * `/api/v1/write`: answers 204 when all samples are committed, as durably as the database promises. A sender throws away
 * what got a 4xx, so a series that cannot be taken keeps no other from being written; the answer is then the first one's
 * error, with 400 (specification, "Labels"; Prometheus itself answers 204 there).
 */
export async function remoteWrite(request: HttpRequest, database: Database): Promise<HttpResponse> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'snappy' } = request.headers;
  if (type.includes('io.prometheus.write.v2')) throw notSupported('remote write 2.0', { hint: 'Send io.prometheus.write.v1.' });
  if (encoding !== 'snappy') throw notSupported(`the content encoding ${encoding}`, { hint: 'Remote write uses snappy.' });
  const taken: SampleSeries[] = [];
  const refused: unknown[] = [];
  for (const each of decode(request.body)) {
    try {
      taken.push(seriesOf(each));
    } catch (thrown) {
      refused.push(thrown);
    }
  }
  await database.writeSamples(taken);
  if (refused.length > 0) throw refused[0];
  return { status: 204 };
}

function decode(body: Buffer): NonNullable<WriteRequest['timeseries']> {
  try {
    const message = WRITE_REQUEST.decode(uncompress(body));
    const decoded: WriteRequest = WRITE_REQUEST.toObject(message);
    return decoded.timeseries ?? [];
  } catch (cause) {
    throw new LumaError(SQLSTATE.invalidParameterValue, 'the body is no snappy-compressed WriteRequest', { cause });
  }
}

function seriesOf(series: NonNullable<WriteRequest['timeseries']>[number]): SampleSeries {
  const labels = (series.labels ?? []).map(({ name = '', value = '' }) => ({ name, value }));
  const metric = labels.find((label) => label.name === METRIC_NAME)?.value;
  if (metric === undefined || metric === '') {
    throw new LumaError(SQLSTATE.invalidParameterValue, 'a series has no label __name__');
  }
  const twice = labels.find(({ name }, i) => labels.findIndex((each) => each.name === name) !== i);
  if (twice !== undefined) {
    throw new LumaError(SQLSTATE.invalidParameterValue, `label name "${twice.name}" is not unique (metric "${metric}")`);
  }
  if ((series.histograms?.length ?? 0) > 0) throw notSupported(`native histograms (metric "${metric}")`);
  const samples = series.samples ?? [];
  const identity = { metric, labels: labels.filter((label) => label.name !== METRIC_NAME) };
  checkLabels(identity);
  return {
    ...identity,
    times: samples.map(({ timestamp = ZERO }) => timestamp.high * 2 ** 32 + (timestamp.low >>> 0)),
    values: new Float64Array(Int32Array.from(samples.flatMap(({ value = ZERO }) => [value.low, value.high])).buffer),
  };
}

const ZERO: Bits = { low: 0, high: 0 };
