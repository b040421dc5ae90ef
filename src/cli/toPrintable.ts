/**
 * Names come from requests, and messages from documents: control characters are shown, not obeyed,
 * and long lines are cut.
 */
export function toPrintable(line: string, longest: number): string {
  return line.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
