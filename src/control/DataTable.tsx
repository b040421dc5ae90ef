import type { ReactNode } from 'react';

/** A column's name; one of numbers stands to the right. */
export type Column = string | { readonly number: string };

/** Rows under named columns, in a box of its own that can be scrolled by keyboard. */
export function DataTable({
  labelledBy,
  caption,
  columns,
  children,
}: {
  labelledBy: string;
  caption?: ReactNode;
  columns: readonly Column[];
  children: ReactNode;
}) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-labelledby={labelledBy}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.number} scope="col" className="number">
                  {column.number}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
