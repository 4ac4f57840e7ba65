import type { IncomingMessage } from 'node:http';
import { LumaError, SQLSTATE } from '../../types/error.ts';

/** Bytes of a request's body, at most; Prometheus sends remote writes of at most a few MB. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** A request as the endpoints see it. */
export interface HttpRequest {
  /** The segments that the route's path leaves open, by name. */
  readonly path: Readonly<Record<string, string>>;
  /** Of the body of a form POST, then of the URL: the first of a name counts. */
  readonly parameters: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Raised when the client has gone. */
  readonly signal: AbortSignal;
}

/** Throws 54000 when the body is too large. */
export async function readRequest(
  message: IncomingMessage,
  path: HttpRequest['path'],
  signal: AbortSignal,
): Promise<HttpRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new LumaError('54000', `the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  const form = message.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  const parameters = new URLSearchParams(form ? body.toString() : '');
  for (const [name, value] of url.searchParams) parameters.append(name, value);
  return { path, parameters, headers: message.headers, body, signal };
}

/** The parameter; an empty one is none. */
export function optional({ parameters }: HttpRequest, name: string): string | undefined {
  return parameters.get(name) || undefined;
}

/** The parameter, or 22023 naming it. */
export function required(request: HttpRequest, name: string): string {
  const value = optional(request, name);
  if (value !== undefined) return value;
  throw new LumaError(SQLSTATE.invalidParameterValue, `invalid parameter "${name}": it is missing`);
}
