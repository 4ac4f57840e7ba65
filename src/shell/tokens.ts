/** What a piece of SQL text is, as far as the shell looks: `open` begins a quote or comment that does not end. */
export type TokenKind = 'blank' | 'quoted' | 'open' | 'other';

const TOKEN =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<quoted>\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<open>\/\*|['"]|\$\w*\$)|\w+(?!')|[\s\S]/g;

/** The pieces of SQL text from `from` on, as far as the first that stays open: enough to tell statements from quoted text and comments. */
export function* tokensOf(
  text: string,
  from = 0,
): Generator<{ readonly kind: TokenKind; readonly at: number; readonly text: string }> {
  const token = new RegExp(TOKEN);
  token.lastIndex = from;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const { blank, quoted, open } = match.groups ?? {};
    const kind = blank !== undefined ? 'blank' : quoted !== undefined ? 'quoted' : open !== undefined ? 'open' : 'other';
    yield { kind, at: match.index, text: match[0] };
    if (kind === 'open') return;
  }
}
