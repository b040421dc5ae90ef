/**
 * Names come from requests, and messages from documents: what a terminal would obey is shown instead,
 * and what would flood it is cut.
 */
export function toPrintable(line: string, longest: number): string {
  return line.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
